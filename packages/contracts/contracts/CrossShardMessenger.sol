// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title CrossShardMessenger
/// @notice Shows how far the messages between this shard and the others have come. Stands at the same address on every
///         shard; the protocol writes its storage directly, when a message is sent or delivered.
/// @dev The storage layout is part of the protocol: packages/sharding reads and writes these slots by number.
contract CrossShardMessenger {
    mapping(uint256 destination => uint256 sequence) private nextSequences; // slot 0
    mapping(uint256 source => uint256 sequence) private inboundCursors; // slot 1

    /// @notice Sequence that the next message from this shard to shard `destination` gets.
    function nextSequence(uint256 destination) external view returns (uint256) {
        return nextSequences[destination];
    }

    /// @notice Sequence of the next message from shard `source` that this shard will deliver.
    function inboundCursor(uint256 source) external view returns (uint256) {
        return inboundCursors[source];
    }
}
