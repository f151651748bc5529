/** How ports get mapped at home routers: sockets, routes, and the HTTP and XML of UPnP. */
@NullMarked
package org.spate.engine.portmap;

import org.jspecify.annotations.NullMarked;
