// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Bobbin {
    uint256 public turns;
    address public immutable maker;

    event Turned(address indexed by, uint256 turns);

    error TooManyTurns(uint256 asked, uint256 most);

    constructor() payable {
        maker = msg.sender;
    }

    function turn(uint256 count) external returns (uint256) {
        if (count > 10) revert TooManyTurns(count, 10);
        turns += count;
        emit Turned(msg.sender, turns);
        return turns;
    }

    function tangle() external pure {
        revert("the thread is tangled");
    }

    receive() external payable {}
}

/// Creates children and calls them: a factory as dApps have them.
contract Workshop {
    Bobbin[] public bobbins;

    event Made(address indexed bobbin, uint256 index);

    function make(uint256 count) external payable {
        for (uint256 i = 0; i < count; i++) {
            Bobbin bobbin = new Bobbin{value: msg.value / count}();
            bobbins.push(bobbin);
            emit Made(address(bobbin), bobbins.length - 1);
        }
    }

    function turnAll(uint256 turns) external returns (uint256 total) {
        for (uint256 i = 0; i < bobbins.length; i++) {
            total += bobbins[i].turn(turns);
        }
    }

    function count() external view returns (uint256) {
        return bobbins.length;
    }
}

/// Passes value on, so that accounts of other shards are paid from inside a contract.
contract Purse {
    function pay(address payable[] calldata to) external payable {
        uint256 share = msg.value / to.length;
        for (uint256 i = 0; i < to.length; i++) {
            (bool ok, ) = to[i].call{value: share}("");
            require(ok, "payment failed");
        }
    }

    /// What calling a contract of another shard looks like from here.
    function poke(address target, bytes calldata data) external returns (bool ok, bytes memory result) {
        (ok, result) = target.call(data);
    }
}
