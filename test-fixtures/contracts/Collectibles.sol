// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {ERC1155Holder} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Holder.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ERC721Holder} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Holder.sol";

contract Painting is ERC721 {
    uint256 public count;

    constructor() ERC721("Painting", "PAINT") {}

    function mint(address to) external returns (uint256 id) {
        id = ++count;
        _safeMint(to, id);
    }
}

contract Thread is ERC1155 {
    constructor() ERC1155("") {}

    function mint(address to, uint256[] calldata ids, uint256[] calldata amounts) external {
        _mintBatch(to, ids, amounts, "");
    }
}

/// Takes tokens of both kinds, which ask it first, and gives paintings back.
contract Gallery is ERC721Holder, ERC1155Holder {
    mapping(address => uint256) public shown;

    event Shown(address indexed painting, address indexed from, uint256 id);

    function onERC721Received(address operator, address from, uint256 id, bytes memory data)
        public
        override
        returns (bytes4)
    {
        shown[msg.sender]++;
        emit Shown(msg.sender, from, id);
        return super.onERC721Received(operator, from, id, data);
    }

    function giveBack(IERC721 painting, uint256 id, address to) external {
        shown[address(painting)]--;
        painting.safeTransferFrom(address(this), to, id);
    }
}
