import { EngineError } from "../engine.js";
import { type Token, tokensOf } from "./tokens.js";

/** What reaches files, extensions, other databases, transactions or settings. */
const forbiddenStarts = new Set(
  [
    "ANALYZE ATTACH BEGIN CHECKPOINT COMMIT COPY DETACH EXPORT FORCE FORCE_CHECKPOINT IMPORT INSTALL LOAD",
    "PROJECT ROLLBACK UNINSTALL UPDATE USE",
  ].flatMap((line) => line.split(" ")),
);
const queryStarts = new Set(["MATCH", "OPTIONAL", "UNWIND", "WITH", "RETURN", "MERGE"]);
/** The catalogue functions that show nothing but the tenant's own graph. */
const allowedCalls = new Set(
  [
    "SHOW_TABLES TABLE_INFO SHOW_CONNECTION SHOW_INDEXES SHOW_SEQUENCES SHOW_MACROS SHOW_FUNCTIONS DB_VERSION",
  ].flatMap((line) => line.split(" ")),
);
const writeWords = new Set(["CREATE", "MERGE", "SET", "DELETE", "DROP", "ALTER", "COMMENT", "NEXTVAL"]);

const refuse = (what: string): never => {
  throw new EngineError("FORBIDDEN_STATEMENT", `${what} is not allowed here.`);
};

/**
 * Lets through what works on the tenant's own graph, and nothing else: a statement must begin with one of the
 * beginnings that are known to be harmless, and no clause of it may read a file or call what is not listed. Says
 * whether the statement may be a write; false is certain, except for what an unknown function does.
 * Throws EngineError (FORBIDDEN_STATEMENT, or SYNTAX where it is no statement at all).
 */
export function guardStatement(statement: string): { readonly mayWrite: boolean } {
  const tokens = tokensOf(statement);
  while (tokens.at(-1) === ";") tokens.pop();
  if (tokens.includes(";")) refuse("More than one statement");
  if (tokens[0] === "EXPLAIN" || tokens[0] === "PROFILE") tokens.shift();
  if (tokens[0] === "LOGICAL") tokens.shift();
  guardStart(tokens);
  tokens.forEach((token, index) => {
    const next = tokens[index + 1] ?? "";
    if (token === "LOAD" && next === "FROM") refuse("LOAD FROM");
    if (token === "LOAD" && next === "WITH" && tokens[index + 2] === "HEADERS") refuse("LOAD WITH HEADERS");
    if (token === "CALL" && !isName(tokens, index)) guardCall(tokens, index);
  });
  return {
    mayWrite: tokens.some((token, index) => writeWords.has(token) && !isName(tokens, index)),
  };
}

/** A property (`n.set`), a label (`:Call`), a parameter (`$create`), or a key (`load:`) is no keyword. */
function isName(tokens: readonly Token[], index: number): boolean {
  return [".", ":", "$"].includes(tokens[index - 1] ?? "") || tokens[index + 1] === ":";
}

/** CALL may be a variable too, unless something is called or set after it. */
function guardCall(tokens: readonly Token[], index: number): void {
  const [name = "", after] = tokens.slice(index + 1);
  if (after === "(" && allowedCalls.has(name)) return;
  if (index === 0 || after === "(" || after === "=") refuse(`CALL ${name}`);
}

function guardStart(tokens: readonly Token[]): void {
  const [first = "", second = "", third = ""] = tokens;
  if (first === "CALL" || queryStarts.has(first)) return;
  if (first === "CREATE") return guardCreate(tokens);
  if (first === "DROP" && !["TABLE", "SEQUENCE", "MACRO"].includes(second)) refuse(`DROP ${second}`);
  if (first === "ALTER" && second !== "TABLE") refuse(`ALTER ${second}`);
  if (first === "COMMENT" && !(second === "ON" && third === "TABLE")) refuse(`COMMENT ${second} ${third}`);
  if (["DROP", "ALTER", "COMMENT"].includes(first)) return;
  if (forbiddenStarts.has(first)) refuse(first);
  throw new EngineError(
    "SYNTAX",
    first ? `A statement cannot begin with ${first}.` : "The statement is empty.",
  );
}

function guardCreate(tokens: readonly Token[]): void {
  const [, second = "", third = ""] = tokens;
  // A pattern, or a named one.
  if (second === "(" || third === "=") return;
  if (["SEQUENCE", "TYPE", "MACRO"].includes(second)) return;
  if (!["NODE", "REL"].includes(second) || third !== "TABLE") refuse(`CREATE ${second}`);
  // Behind its columns a table may have options, and one of them names where it is stored.
  let depth = 0;
  const end = tokens.findIndex((token, index) => {
    if (token === "(") depth++;
    if (token === ")") depth--;
    return depth === 0 && index > 0 && token === ")";
  });
  const columns = tokens.indexOf("(");
  const query = tokens.indexOf("AS");
  const rest = query > 0 && (columns < 0 || query < columns) ? "AS" : tokens[end + 1];
  if (rest !== undefined && rest !== "AS") refuse(`CREATE ${second} TABLE … ${rest}`);
}
