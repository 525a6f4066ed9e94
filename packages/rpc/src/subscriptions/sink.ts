/** A connection that takes notifications. */
export interface SubscriptionSink {
  /** False once nothing can be sent any more. */
  readonly isOpen: boolean;
  /** Sends the text of one notification; drops it when the connection is closing. */
  notify(text: string): void;
}
