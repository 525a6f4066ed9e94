// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// Two tokens whose product of reserves never falls. Whoever swaps sends one in first, as with Uniswap's second version.
contract Pair {
    IERC20 public immutable first;
    IERC20 public immutable second;
    uint112 private reserveOfFirst;
    uint112 private reserveOfSecond;
    bool private locked;
    mapping(address => uint256) public shareOf;

    constructor(IERC20 first_, IERC20 second_) {
        first = first_;
        second = second_;
    }

    /// Takes what was sent in as the sender's share.
    function add() external {
        uint256 balanceOfFirst = first.balanceOf(address(this));
        uint256 balanceOfSecond = second.balanceOf(address(this));
        shareOf[msg.sender] += balanceOfFirst - reserveOfFirst;
        sync(balanceOfFirst, balanceOfSecond);
    }

    /// Takes `paid` of the first token from the sender, and sends what it is worth in the second to `to`.
    function buy(uint256 paid, address to) external returns (uint256 bought) {
        require(!locked, "the pair is busy");
        locked = true;
        require(first.transferFrom(msg.sender, address(this), paid), "the first token was not paid");
        bought = (uint256(reserveOfSecond) * paid) / (uint256(reserveOfFirst) + paid);
        require(second.transfer(to, bought), "the second token was not paid out");
        sync(first.balanceOf(address(this)), second.balanceOf(address(this)));
        locked = false;
    }

    function sync(uint256 balanceOfFirst, uint256 balanceOfSecond) private {
        reserveOfFirst = uint112(balanceOfFirst);
        reserveOfSecond = uint112(balanceOfSecond);
    }
}
