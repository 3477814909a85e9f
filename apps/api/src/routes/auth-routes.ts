import type { Auth } from "@waxseal/core/sign-in";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { webHeaders } from "../http/web-headers.ts";

/** `/api/auth/*`: sign-up, sign-in, mail links and account switching, answered by better-auth. */
export function authRoutes(deps: { auth: Pick<Auth, "handler">; publicUrl: string }): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      "*",
      { parseAs: "string", bodyLimit: 64 * 1024 },
      async (_request: FastifyRequest, body: string) => body,
    );
    app.route({
      method: ["GET", "POST"],
      url: "/api/auth/*",
      schema: { hide: true },
      handler: async (request, reply) => {
        const answer = await deps.auth.handler(toWebRequest(request, deps.publicUrl));
        // Only a 500 is a failure, with its cause hidden. 502 says that an identity provider failed.
        if (answer.status !== 500) return send(reply, answer);
        throw new Error(`sign-in failed: ${(await answer.text()).slice(0, 200)}`);
      },
    });
  };
}

function toWebRequest(request: FastifyRequest, publicUrl: string): Request {
  const url = new URL(request.url, publicUrl);
  const headers = webHeaders(request);
  // The body is passed on as text; its length is that of the text again.
  headers.delete("content-length");
  const body = typeof request.body === "string" && request.method !== "GET" ? request.body : null;
  return new Request(new URL(url.pathname + url.search, publicUrl), {
    method: request.method,
    headers,
    body,
  });
}

async function send(reply: FastifyReply, response: Response): Promise<FastifyReply> {
  reply.code(response.status).header("cache-control", "no-store");
  for (const [name, value] of response.headers) if (name !== "set-cookie") reply.header(name, value);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) reply.header("set-cookie", cookies);
  return reply.send(await response.text());
}
