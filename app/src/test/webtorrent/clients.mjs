// node clients.mjs URL URL: two peers of npm's bittorrent-tracker meet at our tracker; prints what they saw.
// The URLs differ, since peers of one process share the socket for a URL.
import { createHash } from 'node:crypto'
import Client from 'bittorrent-tracker'

const infoHash = createHash('sha1').update('a swarm').digest('hex')
const fail = what => error => { console.error(what, error); process.exit(1) }
setTimeout(fail('no answer within'), 30_000, '30 s').unref()

function peer (name, url, left) {
  const peerId = Buffer.from(`-WW0100-${name}\xff`.padEnd(20, '\0'), 'latin1')
  const client = new Client({ infoHash, peerId, announce: [url], port: 6881, getAnnounceOpts: () => ({ left }) })
  client.on('error', fail(name))
  client.on('warning', fail(name))
  const next = event => new Promise(resolve => client.once(event, resolve))
  return { name, client, next, id: peerId.toString('hex') }
}

const alice = peer('alice', process.argv[2], 0)
const bob = peer('bob', process.argv[3], 1000)
const say = (who, what, swarm) => console.log(`${who.name} ${what}: ${swarm.complete} seeds, ${swarm.incomplete} leechers`)

let update = alice.next('update')
alice.client.start()
say(alice, 'starts', await update)

update = bob.next('update')
const offered = alice.next('peer')
const answered = bob.next('peer')
bob.client.start()
say(bob, 'starts', await update)
const offer = await offered
const answer = await answered
console.log(`alice is handed an offer of ${offer.id === bob.id ? 'bob' : offer.id}`)
console.log(`bob is handed an answer of ${answer.id === alice.id ? 'alice' : answer.id}`)
console.log(`they are ${offer._pc.remoteDescription.type} and ${answer._pc.remoteDescription.type}`)

update = bob.next('update')
bob.client.complete()
say(bob, 'completes', await update)

const scrape = alice.next('scrape')
alice.client.scrape()
say(alice, 'scrapes', await scrape)

update = bob.next('update')
bob.client.stop()
say(bob, 'stops', await update)
process.exit()
