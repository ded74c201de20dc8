/** Where a row stands in a list ordered by an instant and, among equals, by id. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

/** A keyset page: at most `limit` rows between two positions, counted from one end of the list. */
export interface PageRequest {
  readonly from: "start" | "end";
  readonly limit: number;
  readonly after?: Position;
  readonly before?: Position;
}

/** Rows are in list order whichever end they were counted from. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}
