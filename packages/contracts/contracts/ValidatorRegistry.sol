// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ValidatorRegistry
/// @notice The keys that make up the validator sets of coming epochs. Resides on shard 0. The set of an epoch is read
///         from the state half an epoch before it begins: entries whose proof of possession does not hold, and keys that
///         stand there twice, are skipped; without a single good entry the set stays as it was.
/// @dev The storage layout is part of the protocol: packages/node reads these slots by number, and writes the genesis
///      validators there. The owner decides who validates: there is no stake and no slashing yet.
contract ValidatorRegistry {
    /// @dev Five words.
    struct Entry {
        bytes32 keyHead; // bytes 0 … 31 of the public key
        bytes16 keyTail; // bytes 32 … 47
        bytes32[3] proof;
    }

    /// @dev As many as a validator set may have.
    uint256 private constant MAX_VALIDATORS = 1024;

    Entry[] private entries; // slot 0
    address private registryOwner; // slot 1
    uint256 private blocksPerEpoch; // slot 2

    event Registered(uint256 indexed index, bytes publicKey);
    /// @param index Where the entry stood; the last entry stands there now.
    event Removed(uint256 indexed index, bytes publicKey);
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    error NotOwner(address caller);
    error WrongLength(uint256 publicKeyBytes, uint256 proofBytes);
    error NoSuchEntry(uint256 index);
    error Full();

    modifier onlyOwner() {
        if (msg.sender != registryOwner) revert NotOwner(msg.sender);
        _;
    }

    /// @notice Adds a validator. Its signatures are not checked here: a bad entry is skipped when a set is read.
    /// @param publicKey BLS12-381 G1, 48 bytes.
    /// @param proof Proof of possession, G2, 96 bytes.
    function register(bytes calldata publicKey, bytes calldata proof) external onlyOwner returns (uint256 index) {
        if (publicKey.length != 48 || proof.length != 96) revert WrongLength(publicKey.length, proof.length);
        index = entries.length;
        if (index == MAX_VALIDATORS) revert Full();
        bytes32[3] memory words = [bytes32(proof[:32]), bytes32(proof[32:64]), bytes32(proof[64:])];
        entries.push(Entry(bytes32(publicKey[:32]), bytes16(publicKey[32:]), words));
        emit Registered(index, publicKey);
    }

    /// @notice Takes a validator out; the last entry takes its place.
    function remove(uint256 index) external onlyOwner {
        if (index >= entries.length) revert NoSuchEntry(index);
        emit Removed(index, keyOf(entries[index]));
        entries[index] = entries[entries.length - 1];
        entries.pop();
    }

    /// @notice Hands the registry over; to the zero address for good.
    function transferOwnership(address newOwner) external onlyOwner {
        emit OwnershipTransferred(registryOwner, newOwner);
        registryOwner = newOwner;
    }

    /// @notice Who may change the entries.
    function owner() external view returns (address) {
        return registryOwner;
    }

    /// @notice Blocks of an epoch; fixed at genesis.
    function epochLength() external view returns (uint256) {
        return blocksPerEpoch;
    }

    /// @notice How many entries there are, good and bad.
    function count() external view returns (uint256) {
        return entries.length;
    }

    /// @notice Public key and proof of possession of an entry.
    function entryAt(uint256 index) external view returns (bytes memory publicKey, bytes memory proof) {
        if (index >= entries.length) revert NoSuchEntry(index);
        Entry storage entry = entries[index];
        return (keyOf(entry), abi.encodePacked(entry.proof[0], entry.proof[1], entry.proof[2]));
    }

    function keyOf(Entry storage entry) private view returns (bytes memory) {
        return abi.encodePacked(entry.keyHead, entry.keyTail);
    }
}
