import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { HuitongError } from '@huitong/change-event';
import { browserCertificate } from '@huitong/local-stack';
import { homeFolder } from './config.ts';

export function register(program: Command): void {
  const certificate = program.command('certificate').description('浏览器用的证书 / certificates for a browser');
  certificate
    .command('export <name>')
    .description(
      '把证书（如 operator）导出为浏览器可导入的 .p12 文件, 并说明如何导入 / write a certificate, such as operator, as a .p12 file, and say how to import it',
    )
    .option(
      '--to <file>',
      '写到此文件, 默认为证书目录中的 NAME.p12 / the file to write, else NAME.p12 beside the certificate',
    )
    .option('--json', '输出 JSON / print JSON')
    .action(async (name: string, options: { to?: string; json?: boolean }) => {
      if (!/^[a-z][a-z-]*$/.test(name))
        throw new HuitongError('PART_MISSING', '没有这个名称的证书 / there is no certificate of such a name');
      const certsDir = join(homeFolder(), 'certs');
      const file = resolve(options.to ?? join(certsDir, `${name}.p12`));
      const password = randomBytes(9).toString('base64url');
      const content = await browserCertificate({ certsDir, name, password });
      await writeFile(file, content, { mode: 0o600 }).catch((cause: unknown) => {
        throw new HuitongError('PART_FAILED', `不能写入文件 / the file cannot be written: ${file}`, { cause });
      });
      const authority = join(certsDir, 'ca.pem');
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ file, password, authority }, null, 2)}\n`
          : howTo({ file, password, authority }),
      );
    });
}

const howTo = ({ file, password, authority }: { file: string; password: string; authority: string }): string => `
证书文件 / certificate file   ${file}
导入密码 / password           ${password}   (只显示这一次 / shown this once)
签发机构 / authority          ${authority}

导入 / import:
  Chrome, Edge (Linux)    设置 › 隐私和安全 › 安全 › 管理证书 › 您的证书 › 导入
                          Settings › Privacy and security › Security › Manage certificates › Your certificates › Import
  Windows, macOS          双击文件, 输入密码 / open the file and type the password
  Firefox                 设置 › 隐私与安全 › 证书 › 查看证书 › 您的证书 › 导入
                          Settings › Privacy & Security › Certificates › View Certificates › Your Certificates › Import
让浏览器信任控制台: 把签发机构导入为"受信任的根证书" / to make the browser trust the console, import the authority among the trusted roots.
然后重新打开浏览器 / then open the browser anew.
`;
