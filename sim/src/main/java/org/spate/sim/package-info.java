/**
 * The virtual world: the core's own {@code Swarm} machines, hosted in virtual time on the
 * access-link model behind the bound D_P2P.
 *
 * <h2>The model</h2>
 *
 * The core of the network is infinitely fast. A node has an upload rate, a download rate and a
 * latency; what one node sends another passes the sender's upload, then both latencies, then the
 * receiver's download. A message costs its encoded size plus TCP/IP and Ethernet headers at a given
 * segment size, and what it makes the receiver send in acknowledgements.
 *
 * <ul>
 *   <li>A link is a byte stream each way: what was sent first arrives first. Backlogged links of a
 *       sender take turns, one quantum (about a block; two for one that is alone) each, which is
 *       max-min fair sharing at the granularity of a quantum. A receiver's download serves quanta
 *       as their first byte arrives.
 *   <li>At most a window of bytes is under way on a link; a link whose receiver is slow so leaves
 *       the sender's upload to the others, as TCP flow control does.
 *   <li>The kernel takes a bounded number of unsent bytes for each link; what lies behind is still
 *       with the host, and a host is told when block bytes leave it.
 * </ul>
 *
 * <h2>What is idealised</h2>
 *
 * No loss, no congestion windows (no slow start, no sawtooth), no jitter, no queue shared by the
 * links of a node, no cross traffic. A block is delivered when its last byte is, so links that
 * share an upload see their blocks one after the other instead of interleaved. Trackers cost time
 * but no bytes.
 */
@NullMarked
package org.spate.sim;

import org.jspecify.annotations.NullMarked;
