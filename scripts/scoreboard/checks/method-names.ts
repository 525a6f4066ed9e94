import type { RowKind } from '../result.ts';

/** Methods of one namespace that anvil or geth answer, and how their row counts. */
export interface Namespace {
  readonly prefix: string;
  readonly kind: RowKind;
  /** Without the prefix, separated by spaces. */
  readonly methods: string;
}

const JUDGED: RowKind = { kind: 'judged' };
const CONTROL: RowKind = { kind: 'control' };

export const NAMESPACES: readonly Namespace[] = [
  {
    prefix: 'eth',
    kind: JUDGED,
    methods: `accounts baseFee blobBaseFee blockNumber call callMany capabilities chainId coinbase config createAccessList
      estimateGas feeHistory fillTransaction gasPrice getAccount getAccountInfo getBalance getBlockAccessList getBlockByHash
      getBlockByNumber getBlockReceipts getBlockTransactionCountByHash getBlockTransactionCountByNumber getCode
      getFilterChanges getFilterLogs getHeaderByHash getHeaderByNumber getLogs getProof
      getRawTransactionByBlockHashAndIndex getRawTransactionByBlockNumberAndIndex getRawTransactionByHash getStorageAt
      getStorageValues getTransactionByBlockHashAndIndex getTransactionByBlockNumberAndIndex getTransactionByHash
      getTransactionBySenderAndNonce getTransactionCount getTransactionReceipt getUncleByBlockHashAndIndex
      getUncleByBlockNumberAndIndex getUncleCountByBlockHash getUncleCountByBlockNumber getWork hashrate
      maxPriorityFeePerGas mining newBlockFilter newFilter newPendingTransactionFilter pendingTransactions
      protocolVersion requestAccounts resend sendRawTransaction sendRawTransactionConditional sendRawTransactionSync
      sendTransaction sendTransactionSync sendUnsignedTransaction sign signTransaction signTypedData signTypedData_v3
      signTypedData_v4 simulateV1 submitHashrate submitWork subscribe syncing uninstallFilter unsubscribe`,
  },
  { prefix: 'net', kind: JUDGED, methods: 'listening peerCount version' },
  { prefix: 'web3', kind: JUDGED, methods: 'clientVersion sha3' },
  { prefix: 'rpc', kind: JUDGED, methods: 'modules' },
  { prefix: 'txpool', kind: JUDGED, methods: 'content contentFrom inspect status' },
  {
    prefix: 'debug',
    kind: JUDGED,
    methods: `accountRange codeByHash dbGet executionWitness getBadBlocks getModifiedAccountsByNumber getRawBlock
      getRawBlockAccessList getRawHeader getRawReceipts getRawTransaction intermediateRoots printBlock storageRangeAt
      traceBlock traceBlockByHash traceBlockByNumber traceCall traceCallMany traceTransaction`,
  },
  {
    prefix: 'trace',
    kind: JUDGED,
    methods: 'block call callMany filter get rawTransaction replayBlockTransactions replayTransaction transaction',
  },
  {
    prefix: 'ots',
    kind: JUDGED,
    methods: `getApiLevel getBlockDetails getBlockDetailsByHash getBlockTransactions getContractCreator
      getInternalOperations getTransactionBySenderAndNonce getTransactionError hasCode searchTransactionsAfter
      searchTransactionsBefore traceTransaction`,
  },
  { prefix: 'erigon', kind: JUDGED, methods: 'blockNumber forks getHeaderByNumber' },
  {
    prefix: 'wallet',
    kind: JUDGED,
    methods: `addEthereumChain getCallsStatus getCapabilities sendCalls sendTransaction showCallsStatus
      switchEthereumChain watchAsset`,
  },
  { prefix: 'personal', kind: JUDGED, methods: 'listAccounts sign unlockAccount' },
  {
    prefix: 'anvil',
    kind: CONTROL,
    methods: `addBalance autoImpersonateAccount dealERC20 dropAllTransactions dropTransaction dumpState enableTraces
      getAutomine getGenesisTime getIntervalMining impersonateAccount impersonateSignature increaseTime loadState
      metadata mine mine_detailed nodeInfo removeBlockTimestampInterval removePoolTransactions reset revert rollback
      setAutomine setBalance setBlockGasLimit setBlockTimestampInterval setChainId setCode setCoinbase
      setERC20Allowance setIntervalMining setLoggingEnabled setMinGasPrice setNextBlockBaseFeePerGas
      setNextBlockTimestamp setNonce setStorageAt setTime snapshot stopImpersonatingAccount`,
  },
  {
    prefix: 'hardhat',
    kind: CONTROL,
    methods: `addCompilationResult dropTransaction getAutomine getStackTraceFailuresCount impersonateAccount
      intervalMine metadata mine reset setBalance setCode setCoinbase setLoggingEnabled setMinGasPrice
      setNextBlockBaseFeePerGas setNonce setPrevRandao setStorageAt stopImpersonatingAccount`,
  },
  {
    prefix: 'evm',
    kind: CONTROL,
    methods: `addAccount increaseTime mine mine_detailed removeAccount revert setAccountBalance setAccountCode
      setAccountNonce setAccountStorageAt setAutomine setBlockGasLimit setIntervalMining setNextBlockTimestamp setTime
      setTimestamp snapshot`,
  },
];

/** Methods that Heddle does not have on principle, whole names, and why. */
export const REFUSED: readonly {
  readonly row: string;
  readonly reason: string;
  readonly methods: readonly string[];
}[] = [
  {
    row: 'methods about blobs',
    reason: 'Heddle takes no blob transactions: there is no second layer above it whose data it would keep for weeks.',
    methods: ['anvil_getBlobByHash', 'anvil_getBlobsByTransactionHash'],
  },
  {
    row: 'methods about forking',
    reason: 'All validators have to execute the same state: one that is fetched from another chain meanwhile is not.',
    methods: ['anvil_setRpcUrl'],
  },
  {
    row: 'methods about reorganizations',
    reason: 'No validator builds on another block than the final one; only the owner of all goes back, to a snapshot.',
    methods: ['anvil_reorg', 'debug_setHead'],
  },
];

/** Nothing may happen when these are asked for: they get parameters that are refused. */
export const UNSAFE: ReadonlySet<string> = new Set([
  'anvil_dropAllTransactions',
  'anvil_reorg',
  'anvil_reset',
  'anvil_rollback',
  'anvil_setChainId',
  'anvil_setRpcUrl',
  'debug_setHead',
  'hardhat_reset',
]);
