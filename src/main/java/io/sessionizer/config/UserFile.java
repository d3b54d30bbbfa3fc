package io.sessionizer.config;

import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;

/**
 * A text file as users have it: UTF-8, or what its byte order mark says, which is not part of the
 * text. Windows PowerShell writes UTF-16, and Notepad a mark in front of UTF-8.
 */
public final class UserFile extends FilterReader {
  private UserFile(InputStream bytes) {
    super(new YamlUnicodeReader(bytes));
  }

  /** Opens a file. */
  public static Reader open(Path path) throws IOException {
    return new UserFile(Files.newInputStream(path));
  }

  /** Reads what has been a file somewhere else. */
  public static Reader of(InputStream bytes) {
    return new UserFile(bytes);
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    try {
      return super.read(buffer, offset, length);
    } catch (CharacterCodingException e) {
      throw new IOException("not UTF-8: save it as UTF-8", e);
    }
  }
}
