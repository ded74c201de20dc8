export type OnClose = (close: () => Promise<unknown>) => void;

/** What has been opened, to be closed in the opposite order. */
export class Closers {
  private readonly closers: (() => Promise<unknown>)[] = [];

  readonly onClose: OnClose = (close) => void this.closers.push(close);

  readonly close = async (): Promise<void> => {
    for (let closer = this.closers.pop(); closer; closer = this.closers.pop()) await closer();
  };
}
