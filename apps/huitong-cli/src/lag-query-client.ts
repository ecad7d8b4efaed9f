import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { errorCodes, HuitongError, type ErrorCode } from '@huitong/change-event';
import { homeFolder } from './config.ts';
import { readStack } from './stack.ts';

/** Longer than the 10 s that a release may take. */
const answerWithinMs = 20_000;

/**
 * Asks the query API with a certificate of the local city, the operator's unless told otherwise. Throws the API's own problem by its code, or
 * PART_MISSING and PART_FAILED, with what to do, when no city is up or the query API does not answer.
 */
export async function askQueryApi<Answer>(path: string, post?: object, as = 'operator'): Promise<Answer> {
  const stack = readStack(homeFolder());
  const url = stack?.urls['query-api'];
  if (!stack || !url) {
    throw new HuitongError(
      'PART_MISSING',
      '城市未启动, 请运行 npx huitong up / the city is not up: start it with npx huitong up',
    );
  }
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', `${as}.pem`, `${as}-key.pem`].map((file) => readFile(join(stack.certsDir, file))),
  ).catch((cause: unknown) => {
    throw new HuitongError('PART_MISSING', `缺少证书 / a certificate is missing: ${stack.certsDir}`, { cause });
  });
  const { status, body } = await send(new URL(path, url), { ca, cert, key }, post);
  if (status < 400) return body as Answer;
  const { code, detail, title } = body as { code?: string; detail?: string; title?: string };
  throw new HuitongError(
    errorCodes.includes(code as ErrorCode) ? (code as ErrorCode) : 'INTERNAL',
    detail ?? title ?? `HTTP ${status}`,
  );
}

function send(url: URL, identity: object, post: object | undefined): Promise<{ status: number; body: unknown }> {
  return new Promise((resolve, reject) => {
    const away = (cause: unknown): void =>
      reject(
        new HuitongError(
          'PART_FAILED',
          `查询服务没有应答, 请运行 npx huitong status / the query API does not answer: see npx huitong status (${url.origin})`,
          { cause },
        ),
      );
    const headers = post ? { 'content-type': 'application/json' } : {};
    const options = { ...identity, method: post ? 'POST' : 'GET', headers, agent: false, timeout: answerWithinMs };
    const call = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', away);
      response.on('end', () => {
        try {
          resolve({
            status: response.statusCode ?? 500,
            body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
          });
        } catch (error) {
          away(error);
        }
      });
    });
    call.on('timeout', () => call.destroy(new Error('timeout')));
    call.on('error', away);
    call.end(post && JSON.stringify(post));
  });
}
