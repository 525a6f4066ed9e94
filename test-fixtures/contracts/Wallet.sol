// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// What an account delegates to (EIP-7702): calls of its owner in one transaction, and a count in the account's storage.
contract Wallet {
    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    uint256 public runs;

    event Ran(address indexed account, address indexed by, uint256 runs);

    error NotTheOwner(address sender);

    function run(Call[] calldata calls) external payable {
        if (msg.sender != address(this)) revert NotTheOwner(msg.sender);
        for (uint256 i = 0; i < calls.length; i++) {
            (bool ok, ) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            require(ok, "a call failed");
        }
        _count();
    }

    /// By anyone.
    function count() external {
        _count();
    }

    receive() external payable {}

    function _count() private {
        runs++;
        emit Ran(address(this), msg.sender, runs);
    }
}
