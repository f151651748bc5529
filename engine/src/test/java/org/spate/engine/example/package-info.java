/** Examples of the public API, run by the tests. */
package org.spate.engine.example;
