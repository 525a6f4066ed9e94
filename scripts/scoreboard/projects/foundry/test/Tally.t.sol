// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Tally} from "../src/Tally.sol";

/// Runs on the state of a live node.
contract TallyTest {
    bool public constant IS_TEST = true;

    function test_raises() external {
        Tally tally = new Tally();
        tally.raise();
        require(tally.total() == 1, "not raised");
    }

    function test_sees_the_node() external view {
        require(block.chainid == 31337, "another chain");
        require(address(0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266).balance > 1 ether, "no balance");
    }
}
