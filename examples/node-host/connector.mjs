// Starts a connector binary and connects to it, as any host does.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import protobuf from 'protobufjs';
import { pem, selfSigned } from './certificate.mjs';

const protoDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'proto');
const protoFile = join(protoDir, 'connector', 'v1', 'connector.proto');

const { ConnectorService } = grpc.loadPackageDefinition(
  loader.loadSync(protoFile, { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true }),
).connector.v1;
const ErrorDetail = protobuf.loadSync(protoFile).lookupType('connector.v1.ErrorDetail');
const Status = protobuf.parse(`syntax = "proto3";
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`).root.lookupType('Status');

/**
 * Starts the binary and returns {call, close}. The child sees only what is in
 * env here: no variable of this process reaches it.
 */
export async function launch(binary) {
  const own = selfSigned();
  const dir = mkdtempSync(join(tmpdir(), 'conn')); // mode 0700: the socket is nobody else's
  const sockets = join(dir, 's'); // once the lease ends, the connector removes it and the empty folder around it
  mkdirSync(sockets);
  const remove = () => rmSync(dir, { recursive: true, force: true });
  let child;
  try {
    child = start(binary, own, sockets);
  } catch (error) { // some systems tell at once that a file is no program
    remove();
    throw notExecutable(binary, error);
  }
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve); // what could not be executed does not exit
  });
  const close = async () => {
    child.stdin.end();
    await exited;
    remove();
  };
  try {
    const client = connect(await firstLine(child), own);
    return { call: caller(client), close: async () => { client.close(); await close(); } };
  } catch (error) {
    child.kill('SIGKILL');
    await close();
    throw error;
  }
}

/** Starts the process. */
function start(binary, own, sockets) {
  return spawn(binary, [], {
    stdio: ['pipe', 'pipe', 'inherit'], // stdin is the lease: at its end the connector leaves
    env: {
      CONNECTOR_PLUGIN: 'c1f1a3b6-connector-v1', // the magic cookie
      CONNECTOR_LEASE: 'stdin',
      PLUGIN_PROTOCOL_VERSIONS: '1',
      PLUGIN_CLIENT_CERT: own.certificate,
      PLUGIN_UNIX_SOCKET_DIR: sockets,
      PLUGIN_MIN_PORT: '10000', // where there are no unix sockets
      PLUGIN_MAX_PORT: '25000',
    },
  });
}

const notExecutable = (binary, error) => new Error(`${binary} cannot be executed: ${error.code ?? error.message}`);

/** The first line of stdout; what follows must be read, too, or the child blocks. */
function firstLine(child) {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notExecutable(child.spawnfile, error)));
    child.once('exit', (code) => reject(new Error(`the connector ended with code ${code} before it was ready`)));
    setTimeout(() => reject(new Error('the connector was not ready in time')), 10_000).unref();
    createInterface({ input: child.stdout }).once('line', resolve); // and reads on
  });
}

/** Connects to what a handshake line names: core|version|network|address|protocol|certificate. */
function connect(line, own) {
  const [core, version, network, address, protocol, certificate] = line.trim().split('|');
  if (core !== '1' || version !== '1' || protocol !== 'grpc' || !certificate) {
    throw new Error(`this is no connector that this host can talk to: ${JSON.stringify(line.slice(0, 200))}`);
  }
  const credentials = grpc.credentials.createSsl(
    Buffer.from(pem(Buffer.from(certificate, 'base64'))), Buffer.from(own.key), Buffer.from(own.certificate),
  );
  const target = network === 'unix' ? `unix:${address}` : address;
  return new ConnectorService(target, credentials, {
    'grpc.ssl_target_name_override': 'localhost', // the name in the certificate
    'grpc.default_authority': 'localhost',
    'grpc.max_receive_message_length': (64 << 20) + (64 << 10),
  });
}

/** Returns call(method, request), which fails with the reason of the contract. */
function caller(client) {
  return (method, request) => new Promise((resolve, reject) => {
    client[method](request, { deadline: Date.now() + 60_000 }, (error, response) => (error ? reject(explained(error)) : resolve(response)));
  });
}

/** Adds what the one ErrorDetail of a failed call says. */
function explained(error) {
  const [packed] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const detail = packed && Status.decode(packed).details.find((d) => d.typeUrl.endsWith('/connector.v1.ErrorDetail'));
  if (!detail) return error;
  const said = ErrorDetail.toObject(ErrorDetail.decode(detail.value), { enums: String, longs: String, defaults: true });
  const reason = said.reason.replace('ERROR_REASON_', '');
  return Object.assign(new Error(`${reason}: ${error.details}`), { reason, detail: said });
}
