import { isInterfaceType, isObjectType, type GraphQLSchema } from "graphql";
import type { Context } from "./context.js";

type Answer = (row: never, context: Context) => unknown;

const answers = new Map<string, Map<string, Answer>>();

/**
 * A field that the row behind an object answers by itself, at the request's instant. type-graphql would make an object
 * of the class for each such field of each row; `installFromRow` gives the schema these functions instead.
 */
export const FromRow =
  <Row>(answer: (row: Row, context: Context) => unknown): PropertyDecorator =>
  (target, property) => {
    const { name } = target.constructor;
    const fields = answers.get(name) ?? new Map<string, Answer>();
    answers.set(name, fields.set(String(property), answer));
  };

/** An interface's answers become those of all its types. */
export function installFromRow(schema: GraphQLSchema): void {
  for (const [typeName, fields] of answers) {
    const type = schema.getType(typeName);
    const types = isInterfaceType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    for (const [fieldName, answer] of fields) {
      for (const each of types) {
        const field = each.getFields()[fieldName];
        if (!field) throw new Error(`${typeName}.${fieldName} is no field of the schema`);
        field.resolve = (row, _args, context) => answer(row as never, context as Context);
      }
    }
  }
}
