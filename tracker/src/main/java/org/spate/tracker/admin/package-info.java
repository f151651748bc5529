/**
 * What an operator sees and does: a REST interface and a status page, at an address of their own.
 */
@NullMarked
package org.spate.tracker.admin;

import org.jspecify.annotations.NullMarked;
