import type { FastifySchemaCompiler } from "fastify";
import { validatorCompiler } from "fastify-type-provider-zod";
import { z } from "zod";
import { ACCOUNT_FIELD } from "./read-named-account.ts";

/**
 * The validator of requests, which refuses fields and parameters that a shape does not have, by name: a misspelt `maxAgeSecond` must
 * not be taken for one that was left out.
 */
export const compileStrictly: FastifySchemaCompiler<z.ZodType> = (route) => {
  const { schema, httpPart } = route;
  if (httpPart === "headers" || httpPart === "params") return validatorCompiler(route);
  const known = refuseUnknown(schema);
  // Every request may name its account there.
  const isQuery = httpPart === "querystring" && known instanceof z.ZodObject;
  const named = isQuery ? known.safeExtend({ [ACCOUNT_FIELD]: z.unknown().optional() }) : known;
  return validatorCompiler({ ...route, schema: named });
};

/** The same shape with every object in it closed. */
function refuseUnknown(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(
      Object.entries(schema.shape).map(([name, field]) => [name, refuseUnknown(field as z.core.$ZodType)]),
    );
    const { catchall = z.never() } = schema.def;
    return schema.clone({ ...schema.def, shape, catchall });
  }
  if (schema instanceof z.ZodArray)
    return schema.clone({ ...schema.def, element: refuseUnknown(schema.def.element) });
  if (schema instanceof z.ZodUnion)
    return schema.clone({ ...schema.def, options: schema.def.options.map(refuseUnknown) });
  if (schema instanceof z.ZodPipe) return schema.clone({ ...schema.def, in: refuseUnknown(schema.def.in) });
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return schema.clone({ ...schema.def, innerType: refuseUnknown(schema.def.innerType) } as never);
  return schema;
}
