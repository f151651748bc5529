package org.spate.core.tracker;

/** What an HTTP front sends back: a status code, a media type and a body. */
public record HttpAnswer(int status, String contentType, byte[] body) {}
