// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Tally} from "../src/Tally.sol";

interface Vm {
    function startBroadcast(uint256 key) external;
    function stopBroadcast() external;
}

/// Deploys and calls, plainly and through the CREATE2 deployer.
contract Raise {
    Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_SCRIPT = true;
    /// The first of the accounts that every devnet funds.
    uint256 constant KEY = 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80;

    function run() external {
        vm.startBroadcast(KEY);
        Tally first = new Tally();
        first.raise();
        first.raise();
        Tally second = new Tally{salt: bytes32(block.number)}();
        second.raise();
        vm.stopBroadcast();
        require(first.total() == 2 && second.total() == 1, "not raised");
    }
}
