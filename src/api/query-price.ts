/**
 * A statement is a point of the key's bucket, the one that GraphQL is charged to. What else it is charged turns out when it
 * ends, however it ends: only then is it known what it took.
 */
export const statementCost = 1;
const rowsPerPoint = 100;
const bytesPerPoint = 8 * 1024;
const msPerPoint = 10;
/** Its process has to be started anew, twice, which takes a processor of everybody's for a while: two in a second at most. */
const crashPoints = 500;

/** What a statement took beside itself. */
export interface Taken {
  readonly rows: number;
  /** Of the question and of the answer. */
  readonly bytes: number;
  readonly ms: number;
  /** It ended its engine's process. */
  readonly crashed?: boolean;
}
export const pointsOf = ({ rows, bytes, ms, crashed = false }: Taken): number =>
  (crashed ? crashPoints : 0) +
  Math.floor(rows / rowsPerPoint) +
  Math.floor(bytes / bytesPerPoint) +
  Math.floor(Math.max(0, ms) / msPerPoint);
