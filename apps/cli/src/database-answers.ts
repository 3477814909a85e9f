import { Readable } from "node:stream";
import { AppError, type StreamedFile } from "@waxseal/core";
import { explainInput } from "@waxseal/runtime";
import type { z } from "zod";

/** The input with defaults filled in, as the API reads it. @throws AppError `invalid` */
export function read<Shape extends z.ZodType>(shape: Shape, input: unknown = {}): z.output<Shape> {
  const { data, error } = shape.safeParse(input, { error: explainInput });
  if (!error) return data as z.output<Shape>;
  const fields = error.issues.map(({ path, message }) => ({ path: path.join("."), problem: message }));
  const detail = fields.map(({ path, problem }) => (path ? `${path}: ${problem}` : problem)).join("; ");
  throw new AppError("invalid", detail, { fields });
}

/** The page that is asked for. @throws AppError `invalid` */
export async function readPage(query: unknown) {
  return read((await import("@waxseal/contract")).PageQuery, query);
}

/** A file as the API sends it. */
export function asResponse({ chunks, contentType }: StreamedFile): Response {
  const body = Readable.toWeb(Readable.from(chunks, { objectMode: false })) as ReadableStream;
  return new Response(body, { headers: { "content-type": contentType } });
}
