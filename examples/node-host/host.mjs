// A host in Node.js: starts a connector, opens a connection, runs an action.
//
//   node host.mjs BINARY CONNECTION-FILE ACTION [INPUT]
import { readFileSync } from 'node:fs';
import { launch } from './connector.mjs';

/** Takes the strings that the schema marks writeOnly out of settings. */
function takeSecrets(schema, settings, secrets, pointer = '') {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const at = `${pointer}/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    if (property.writeOnly && typeof settings[name] === 'string') {
      secrets[at] = Buffer.from(settings[name]);
      delete settings[name];
    } else if (settings[name] !== null && typeof settings[name] === 'object') {
      takeSecrets(property, settings[name], secrets, at);
    }
  }
}

async function main([binary, file, action, input = '{}']) {
  if (!action) throw new Error('usage: node host.mjs BINARY CONNECTION-FILE ACTION [INPUT]');
  const connector = await launch(binary);
  try {
    await connector.call('Handshake', { host_name: 'node-host', limits: { max_inline_bytes: 64 << 20 } });
    const { manifest } = await connector.call('GetManifest', {});
    const settings = JSON.parse(readFileSync(file, 'utf8'));
    const secrets = {};
    takeSecrets(JSON.parse(manifest.connection_schema), settings, secrets);
    const { handle } = await connector.call('OpenConnection', {
      tenant: settings.tenant ?? '', settings: Buffer.from(JSON.stringify(settings)), secrets,
    });
    const { output } = await connector.call('Execute', {
      call: { handle, request_id: 'node-1' }, action, input: Buffer.from(input),
    });
    process.stdout.write(`${output}\n`);
    await connector.call('CloseConnection', { handle });
    await connector.call('Drain', {});
  } finally {
    await connector.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
