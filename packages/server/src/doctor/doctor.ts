import type { Outcome, PlainCall, Variables } from '../commands/command.ts';
import { inColumns, printable } from '../commands/columns.ts';
import { type Config, readConfig } from '../config.ts';
import { errorInWords } from '../error-in-words.ts';
import { outboxDirectory } from '../mail.ts';
import { readCertificate } from '../tls.ts';
import { checkCertificate } from './check-certificate.ts';
import { checkFiles } from './check-files.ts';
import { checkHashes } from './check-hashes.ts';
import { checkMail } from './check-mail.ts';
import { checkNode } from './check-node.ts';
import { checkPolicy } from './check-policy.ts';
import { checkProxies } from './check-proxies.ts';
import { checkRedis } from './check-redis.ts';
import { checkSecret } from './check-secret.ts';
import { checkUrl } from './check-url.ts';
import { checkVariables } from './check-variables.ts';
import { examineDatabase } from './examine-database.ts';
import { type Finding, findingsOf } from './finding.ts';
import { probes, type Probes } from './probes.ts';
import { documentUrl } from '../document-url.ts';

/** Checks a deployment, and changes nothing. */
export async function doctor({ environment }: PlainCall, given: Probes = probes): Promise<Outcome> {
  const findings = [...checkNode(given.nodeVersion), ...(await examine(environment, given))];
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  return {
    lines: inColumns(findings.map(({ level, check, ...rest }) => [level, check, sentence(rest)])),
    notes: [`Errors: ${errors}, warnings: ${warnings}`],
    json: { errors, warnings, findings },
    exitCode: errors > 0 ? 1 : 0,
  };
}

async function examine(environment: Variables, given: Probes): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = readConfig(environment);
  } catch (error) {
    return [
      findingsOf('variables').error(errorInWords(error).replaceAll('\n', '; '), `see ${documentUrl('.env.example')}`),
    ];
  }
  const generated = await given.readGeneratedSecret(config);
  const { findings: ofDatabase, hasAdmin } = await examineDatabase(config, config.secretKey ?? generated);
  const { memoryCost: memoryKib, timeCost: passes } = config.passwordHashes;
  return [
    ...checkVariables(environment),
    ...checkUrl(config),
    ...(await certificateOf(config, given)),
    ...checkProxies(config),
    ...checkPolicy(config, hasAdmin),
    ...checkSecret(config, generated),
    ...ofDatabase,
    ...(await checkMail({ url: config.smtpUrl, outbox: outboxDirectory(config) }, given.verifyMail)),
    ...(await checkRedis(config.redisUrl, given.probeRedis)),
    ...(await checkHashes({ memoryKib, passes }, () => given.measureHash(config))),
    ...checkFiles(await given.readFiles(config)),
  ];
}

async function certificateOf({ tls, publicUrl }: Config, { now }: Probes): Promise<readonly Finding[]> {
  if (!tls) return [];
  try {
    return checkCertificate((await readCertificate(tls)).cert, publicUrl, now());
  } catch (error) {
    return [findingsOf('certificate').error(errorInWords(error))];
  }
}

function sentence({ message, advice }: Pick<Finding, 'message' | 'advice'>): string {
  const what = advice === undefined ? '' : `. ${advice.charAt(0).toUpperCase()}${advice.slice(1)}`;
  return printable(message + what);
}
