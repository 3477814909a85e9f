/** A parameter of an operation as the OpenAPI document describes it. */
export type Parameter = { route: string; name: string; in: string };

/** All parameters of an OpenAPI document, with the route of each as "METHOD /path". */
export function listParameters(document: unknown): Parameter[] {
  return listOperations(document).flatMap(({ route, operation }) => {
    const parameters: unknown[] = Object(operation).parameters ?? [];
    return parameters.map((one) => ({ route, name: String(Object(one).name), in: String(Object(one).in) }));
  });
}

/** All routes of an OpenAPI document, or those with a parameter. */
export function listRoutes(document: unknown, parameter?: string): string[] {
  if (parameter === undefined) return listOperations(document).map(({ route }) => route);
  return listParameters(document)
    .filter(({ name }) => name === parameter)
    .map(({ route }) => route);
}

function listOperations(document: unknown): { route: string; operation: unknown }[] {
  return Object.entries(Object(Object(document).paths)).flatMap(([path, item]) =>
    Object.entries(Object(item)).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}
