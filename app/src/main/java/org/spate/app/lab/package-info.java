/** The laboratory at the command line: plans, scenarios, runs, reports. */
@NullMarked
package org.spate.app.lab;

import org.jspecify.annotations.NullMarked;
