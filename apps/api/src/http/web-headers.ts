import { CLIENT_ADDRESS_HEADER } from "@waxseal/core/sign-in";
import type { FastifyRequest } from "fastify";

/** The headers of a request as the web's `Headers`, with the client's address as we see it. */
export function webHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) headers.append(name, one);
  }
  headers.set(CLIENT_ADDRESS_HEADER, request.ip);
  return headers;
}
