// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// Storage of the shapes that contracts have: structs in mappings, mappings in mappings, keys that are numbers.
contract Ledger {
    struct Account {
        uint256 balance;
        uint256 movements;
        mapping(bytes32 => uint256) budgets;
    }

    mapping(address => Account) private accounts;
    mapping(uint256 => address) public ownerOf;

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        accounts[msg.sender].balance += msg.value;
        accounts[msg.sender].movements++;
    }

    function withdraw(uint256 amount) external {
        require(accounts[msg.sender].balance >= amount, "that much is not there");
        accounts[msg.sender].balance -= amount;
        accounts[msg.sender].movements++;
        (bool ok, ) = msg.sender.call{value: amount}("");
        require(ok, "payment failed");
    }

    function spend(bytes32 purpose, address payable to, uint256 amount) external {
        accounts[msg.sender].balance -= amount;
        accounts[msg.sender].budgets[purpose] += amount;
        (bool ok, ) = to.call{value: amount}("");
        require(ok, "payment failed");
    }

    function give(uint256 item, address to) external {
        require(ownerOf[item] == address(0) || ownerOf[item] == msg.sender, "it is somebody else's");
        ownerOf[item] = to;
    }
}
