// An OpenID provider for the tests of signing in: fixed users, keys made at each start, on the loopback interface only. Its first line says
// where it is, and the key with which it signs, so that tests can forge with the real one. It begins to serve once it is told where the
// register is: POST /test/register.
import { createServer } from 'node:http';
import * as jose from 'jose';
import { Provider } from 'oidc-provider';

const audience = 'urn:register';
const users = {
  newcomer: { name: 'New Comer' },
  another: { name: 'An Other' },
  'newcomer-in-browser': { name: 'New Comer' },
  desk: { name: 'Desk Officer', office: { roles: ['coop-desk', 'canteen'] }, clearance: 'c2', groups: ['g-europe'] },
  steward: { name: 'Chief Desk', office: { roles: ['coop-chief'] }, clearance: 'c3' },
  // For these the answer of the token endpoint is signed anew with another claim.
  elsewhere: { name: 'Else Where', tampered: { aud: 'another-client' } },
  late: { name: 'Late Comer', tampered: { iat: 1_700_000_000, exp: 1_700_000_300 } },
  unproven: { name: 'Un Proven', tampered: { auth_time: undefined } },
};

const { privateKey } = await jose.generateKeyPair('RS256', { extractable: true });
const key = { ...await jose.exportJWK(privateKey), kid: 'provider-key-1', alg: 'RS256', use: 'sig' };

function made(issuer, register) {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'register', client_secret: 'a secret of the tests', redirect_uris: [`${register}/sign-in/provider/callback`],
        post_logout_redirect_uris: [`${register}/sign-in`], token_endpoint_auth_method: 'client_secret_post',
        backchannel_logout_uri: `${register}/sign-out/provider`, backchannel_logout_session_required: true,
      },
      {
        client_id: 'program', client_secret: 'another secret of the tests', token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
      },
    ],
    jwks: { keys: [key] },
    claims: { openid: ['sub'], profile: ['name', 'office', 'clearance', 'groups'] },
    conformIdTokenClaims: false,
    findAccount: (_, id) => users[id] && { accountId: id, claims: () => ({ sub: id, ...users[id], tampered: undefined }) },
    // Nobody is asked whether the register may know them.
    loadExistingGrant: async ctx => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true, defaultResource: () => undefined,
        getResourceServerInfo: () => ({ scope: '', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
      },
    },
    cookies: { keys: ['of the tests'] },
    fetch: (url, { dispatcher, ...options }) => fetch(url, options), // Its own dispatcher goes to no loopback address.
  });
  provider.use(async (ctx, next) => {
    await next();
    const token = ctx.path === '/token' && ctx.body?.id_token;
    const claims = token && jose.decodeJwt(token);
    if (claims && users[claims.sub]?.tampered) {
      const signer = new jose.SignJWT({ ...claims, ...users[claims.sub].tampered });
      ctx.body.id_token = await signer.setProtectedHeader(jose.decodeProtectedHeader(token)).sign(privateKey);
    }
  });
  return provider.callback();
}

let serve;
const server = createServer(async (request, response) => {
  if (request.url !== '/test/register') return serve ? serve(request, response) : response.writeHead(503).end();
  let register = '';
  for await (const part of request) register += part;
  serve = made(issuer, register);
  response.writeHead(204).end();
});
await new Promise(listens => server.listen(0, '127.0.0.1', listens));
// Another site than the register's 127.0.0.1: browsers then keep the two apart as they would in an office.
const issuer = `http://localhost:${server.address().port}`;
console.log(JSON.stringify({ issuer, key }));
process.stdin.on('end', () => process.exit()).resume(); // With whoever started it.
