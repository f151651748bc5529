package org.spate.core.recording;

/** What a recording holds, in the order in which it happened. */
public sealed interface Entry permits Beginning, Step {}
