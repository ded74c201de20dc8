import {
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from "graphql";

/** So much of the schema is looked at for one document, many times what tools ask for: beyond, it counts as too much. */
const mostVisits = 50_000;
const tooMany = 1e9;

/**
 * How many objects a document reads of the schema: counted on the schema itself, by graphql-js's own resolvers, before anything runs.
 * Nothing is assumed, so that neither aliases nor lists within lists are cheaper than they are. What is selected of
 * one thing is counted once however often it is reached.
 */
export class IntrospectionSize {
  private readonly known = new Map<SelectionSetNode, Map<unknown, number>>();
  private visits = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  ) {}

  /** Of `__schema`. */
  ofSchema({ selectionSet }: FieldNode): number {
    return selectionSet ? this.one(selectionSet, typeOf(SchemaMetaFieldDef), this.schema) : 0;
  }

  /** Of `__type`, whichever it is. */
  ofLargestType({ selectionSet }: FieldNode): number {
    if (!selectionSet) return 0;
    const types = Object.values(this.schema.getTypeMap());
    return Math.max(...types.map((type) => this.one(selectionSet, typeOf(TypeMetaFieldDef), type)));
  }

  private one(selections: SelectionSetNode, type: GraphQLObjectType, source: unknown): number {
    const known = this.known.get(selections) ?? new Map<unknown, number>();
    this.known.set(selections, known);
    const before = known.get(source);
    if (before !== undefined) return before;
    if (++this.visits > mostVisits) return tooMany;
    const size = 1 + this.below(selections, type, source);
    known.set(source, size);
    return size;
  }

  private below(selections: SelectionSetNode, type: GraphQLObjectType, source: unknown): number {
    let size = 0;
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FIELD) size += this.field(selection, type, source);
      else {
        const { selectionSet } =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : (this.fragments.get(selection.name.value) ?? {});
        // It stands on the same object.
        if (selectionSet) size += this.one(selectionSet, type, source) - 1;
      }
    }
    return size;
  }

  private field({ name, selectionSet }: FieldNode, type: GraphQLObjectType, source: unknown): number {
    const definition = type.getFields()[name.value];
    if (!definition?.resolve || !selectionSet) return 0;
    const all = { includeDeprecated: true };
    const value: unknown = definition.resolve(source, all, undefined, { schema: this.schema } as never);
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    let size = 0;
    for (const item of items) if (item != null) size += this.one(selectionSet, typeOf(definition), item);
    return size;
  }
}

/** What describes a schema is objects, all the way down. */
function typeOf({ type }: Pick<typeof SchemaMetaFieldDef, "type">): GraphQLObjectType {
  const named = getNamedType(type);
  if (!isObjectType(named)) throw new TypeError(`${named.name} describes nothing`);
  return named;
}
