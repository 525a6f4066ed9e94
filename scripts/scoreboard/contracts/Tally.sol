// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// A counter with an event, and every way in which a call fails.
contract Tally {
    uint256 public total;

    event Raised(address indexed by, uint256 total);

    error TooHigh(uint256 wanted, uint256 most);

    function raise() external {
        total += 1;
        emit Raised(msg.sender, total);
    }

    function raiseThenFail() external {
        total += 1;
        revert TooHigh(total, 0);
    }

    function tooHigh(uint256 wanted) external pure {
        revert TooHigh(wanted, 3);
    }

    function refuse() external pure {
        require(false, "the tally is closed");
    }

    function divide(uint256 by) external pure returns (uint256) {
        return 1 / by;
    }

    function silent() external pure {
        revert();
    }
}

/// ERC-1271: a signature of its owner counts as its own.
contract Purse {
    address immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        (bytes32 r, bytes32 s) = abi.decode(signature[:64], (bytes32, bytes32));
        address signer = ecrecover(digest, uint8(signature[64]), r, s);
        return signer == owner ? this.isValidSignature.selector : bytes4(0);
    }

    receive() external payable {}
}
