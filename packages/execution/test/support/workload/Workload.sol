// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// ERC-20 without an owner: its balances stand in the state that it is placed in.
contract Token {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    uint256 public totalSupply;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error InsufficientBalance(uint256 balance, uint256 needed);
    error InsufficientAllowance(uint256 allowance, uint256 needed);

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < value) revert InsufficientAllowance(allowed, value);
        if (allowed != type(uint256).max) allowance[from][msg.sender] = allowed - value;
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) private {
        uint256 balance = balanceOf[from];
        if (balance < value) revert InsufficientBalance(balance, value);
        unchecked {
            balanceOf[from] = balance - value;
            balanceOf[to] += value;
        }
        emit Transfer(from, to, value);
    }
}

/// Constant product with a fee of 0.3 %, as Uniswap's second version has it. Tokens and reserves stand in its state.
contract Pair {
    Token public first;
    Token public second;
    uint112 public firstReserve;
    uint112 public secondReserve;

    event Swap(address indexed sender, uint256 paid, uint256 received, bool paysFirst);
    event Sync(uint112 firstReserve, uint112 secondReserve);

    error NothingToGain();

    /// Takes `paid` of one token from the caller, who has approved it, and gives of the other what the product allows.
    function swap(bool paysFirst, uint256 paid) external returns (uint256 received) {
        (uint256 into, uint256 outOf) = paysFirst ? (firstReserve, secondReserve) : (secondReserve, firstReserve);
        uint256 counted = paid * 997;
        received = (outOf * counted) / (into * 1000 + counted);
        if (received == 0) revert NothingToGain();
        (Token taken, Token given) = paysFirst ? (first, second) : (second, first);
        taken.transferFrom(msg.sender, address(this), paid);
        given.transfer(msg.sender, received);
        firstReserve = uint112(first.balanceOf(address(this)));
        secondReserve = uint112(second.balanceOf(address(this)));
        emit Swap(msg.sender, paid, received, paysFirst);
        emit Sync(firstReserve, secondReserve);
    }
}
