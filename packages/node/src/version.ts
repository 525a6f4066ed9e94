/** web3_clientVersion. */
export const CLIENT_VERSION = 'heddle/0.1.0/typescript';
