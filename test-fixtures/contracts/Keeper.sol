// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Remembers what it had when it was created, from value and from before, and gives all away.
contract Keeper {
    uint256 public immutable atBirth;

    constructor() payable {
        atBirth = address(this).balance;
    }

    receive() external payable {}

    function held() external view returns (uint256) {
        return address(this).balance;
    }

    function withdraw(address payable to) external {
        (bool ok, ) = to.call{value: address(this).balance}("");
        require(ok, "withdrawal failed");
    }
}
