import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isObjectType,
  isInterfaceType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from "graphql";
import { readArgument, readLength, readPageSize, type VariableReader } from "./read-arguments.js";

/** What is known of an operation before it runs. */
export interface OperationPlan {
  readonly operation: OperationDefinitionNode;
  /** How deeply its selections are nested; introspection not counted. */
  readonly depth: number;
  /** Of the whole document. */
  readonly aliases: number;
  readonly directives: number;
  readonly introspects: boolean;
  readonly root: Group;
}

/** Selections on one type; a fragment is one group however often it is spread. */
export interface Group {
  readonly depth: number;
  readonly introspects: boolean;
  readonly fields: readonly PlannedField[];
  readonly spread: readonly Group[];
}

export interface PlannedField {
  /** Points beside its objects: what work costs that no answer shows. */
  readonly work: (variables: VariableReader) => number;
  /** How many of `below` there are; a page's own items are counted by the page. */
  readonly count: ((variables: VariableReader) => number) | "PER_ITEM_OF_THE_PAGE";
  /** Of a connection: how many items it holds. */
  readonly pageSize?: (variables: VariableReader) => number;
  readonly below: Group;
}

/** What the work of a field costs beside its answer, by its arguments as they were sent. */
export type WorkCost = (read: (argument: string) => unknown) => number;

/** What is charged for a mutation beside its answer: a transaction, and perhaps a job. */
export const mutationCost = 10;
export const introspectionCost = 100;
/** Where neither arguments nor type tell how long a list is. */
const assumedLength = 10;

const none = () => 0;
const one = () => 1;
const leaf: Group = { depth: 0, introspects: false, fields: [], spread: [] };

/** Plans each operation of a valid document, by name; the empty name is the anonymous one's. */
export function planDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
): ReadonlyMap<string, OperationPlan> {
  let aliases = 0;
  let directives = 0;
  visit(document, {
    Field: (node) => void (aliases += node.alias ? 1 : 0),
    Directive: () => void directives++,
  });
  const planner = new Planner(schema, document);
  const plans = new Map<string, OperationPlan>();
  for (const operation of document.definitions) {
    if (operation.kind !== Kind.OPERATION_DEFINITION) continue;
    const type = schema.getRootType(operation.operation);
    if (!type) continue;
    const root = planner.plan(operation.selectionSet, type);
    const { depth, introspects } = root;
    plans.set(operation.name?.value ?? "", { operation, depth, aliases, directives, introspects, root });
  }
  return plans;
}

class Planner {
  private readonly definitions = new Map<string, FragmentDefinitionNode>();
  private readonly fragments = new Map<string, Group>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
  ) {
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.definitions.set(definition.name.value, definition);
  }

  plan(selections: SelectionSetNode, type: GraphQLCompositeType): Group {
    const fields: PlannedField[] = [];
    const spread: Group[] = [];
    let depth = 0;
    let introspects = false;
    for (const selection of selections.selections) {
      let below: Group | undefined;
      if (selection.kind === Kind.FRAGMENT_SPREAD) below = this.fragment(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        below = this.plan(selection.selectionSet, this.typeOf(selection.typeCondition?.name.value) ?? type);
      if (below) spread.push(below);
      if (below) depth = Math.max(depth, below.depth);
      if (selection.kind === Kind.FIELD) {
        const name = selection.name.value;
        const metaField = name === "__schema" || name === "__type";
        const field = metaField
          ? { work: none, count: () => introspectionCost, below: leaf }
          : this.field(selection, type);
        introspects ||= metaField;
        if (field) fields.push(field);
        depth = Math.max(depth, 1 + (field?.below.depth ?? 0));
        below = field?.below;
      }
      introspects ||= below?.introspects ?? false;
    }
    return { depth, introspects, fields, spread };
  }

  private typeOf(name: string | undefined): GraphQLCompositeType | undefined {
    const type = name === undefined ? undefined : this.schema.getType(name);
    return isCompositeType(type) ? type : undefined;
  }

  private fragment(name: string): Group {
    const known = this.fragments.get(name);
    if (known) return known;
    const definition = this.definitions.get(name);
    const type = this.typeOf(definition?.typeCondition.name.value);
    const group = definition && type ? this.plan(definition.selectionSet, type) : leaf;
    this.fragments.set(name, group);
    return group;
  }

  /** Undefined for what holds no objects and takes no work. */
  private field(node: FieldNode, type: GraphQLCompositeType): PlannedField | undefined {
    const definition =
      isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const named = definition && getNamedType(definition.type);
    const work = this.workOf(node, definition, type);
    if (!definition || !isCompositeType(named) || !node.selectionSet)
      return work === none ? undefined : { work, count: none, below: leaf };
    const below = this.plan(node.selectionSet, named);
    if (isConnection(named.name) && definition.args.some((argument) => argument.name === "first"))
      return { work, count: one, pageSize: readPageSize(node), below };
    return { work, count: this.countOf(node, definition, type), below };
  }

  /** A field tells by its extension `workCost` what its arguments make it cost. */
  private workOf(
    node: FieldNode,
    definition: GraphQLField<unknown, unknown> | undefined,
    type: GraphQLCompositeType,
  ): PlannedField["work"] {
    if (type === this.schema.getMutationType()) return () => mutationCost;
    const cost = definition?.extensions["workCost"] as WorkCost | undefined;
    return cost ? (variables) => cost((name) => readArgument(node, name, variables)) : none;
  }

  private countOf(
    node: FieldNode,
    definition: GraphQLField<unknown, unknown>,
    parent: GraphQLCompositeType,
  ): PlannedField["count"] {
    if (!isListType(getNullableType(definition.type))) return one;
    if (isConnection(parent.name)) return "PER_ITEM_OF_THE_PAGE";
    const ids = definition.args.some((argument) => argument.name === "ids");
    return ids ? readLength(node, "ids") : () => assumedLength;
  }
}

const isConnection = (typeName: string) => typeName.endsWith("Connection");
