// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Directory
/// @notice Says on which shard an account resides. Stands at the same address on every shard; the protocol writes its
///         storage directly when a contract comes to life on another shard than its address's home: in two words, one
///         there and one at home; other shards do not list it. Nothing else does: there are only view functions. Every
///         shard has its own, and a contract sees that of the shard that it resides on.
/// @dev The storage layout is part of the protocol: packages/sharding reads and writes these slots by number.
contract Directory {
    /// @dev Bit 64 of an entry: listed. The 64 bits below are the home key that decides the shard.
    uint256 private constant LISTED = 1 << 64;

    mapping(address account => uint256 entry) private entries; // slot 0
    uint256 private shards; // slot 1; unset means one shard

    /// @notice How many shards the network has.
    function shardCount() public view returns (uint256) {
        return shards == 0 ? 1 : shards;
    }

    /// @notice Whether `account` is a contract whose shard is listed.
    function isListed(address account) public view returns (bool) {
        return entries[account] & LISTED != 0;
    }

    /// @notice The shard that owns the address: where an externally owned account resides.
    function homeOf(address account) public view returns (uint256) {
        return shardOfKey(uint64(bytes8(keccak256(abi.encodePacked(account)))));
    }

    /// @notice The shard that `account` resides on: where it is listed, else its home. Precompiles and system contracts
    ///         are on every shard; what is answered for them has no meaning.
    function residenceOf(address account) external view returns (uint256) {
        return isListed(account) ? shardOfKey(uint64(entries[account])) : homeOf(account);
    }

    function shardOfKey(uint64 key) private view returns (uint256) {
        return (uint256(key) * shardCount()) >> 64;
    }
}
