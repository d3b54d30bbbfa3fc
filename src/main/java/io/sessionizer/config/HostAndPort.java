package io.sessionizer.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of an address in a flag: {@code HOST:PORT}, or {@code [ADDRESS]:PORT} for IPv6. */
public final class HostAndPort {
  private static final Pattern FORM = Pattern.compile("(?:\\[[^\\]]+\\]|[^:\\s]+):(\\d{1,5})");

  private HostAndPort() {}

  /** Whether a text has this form, with a port from 1 to 65535. */
  public static boolean matches(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int port = Integer.parseInt(matcher.group(1));
    return port > 0 && port < 1 << 16;
  }
}
