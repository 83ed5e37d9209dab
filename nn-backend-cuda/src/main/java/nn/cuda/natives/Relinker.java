package nn.cuda.natives;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes a library need another one of the same interface: JCuda's natives name CUDA 12's libraries,
 * and CUDA 13's have every function that they import.
 *
 * <p>In an ELF file the name stands in the string table, for the needed library and for the version
 * of its symbols; the latter is also given by its hash (System V gABI, "Symbol Versioning" of the
 * LSB). Windows' format has the name alone.
 */
final class Relinker {
  private static final int ELF = 0x464c457f;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final long DT_STRTAB = 5;
  private static final long DT_VERNEED = 0x6ffffffeL;
  private static final int PROGRAM_HEADER = 56;

  private final byte[] bytes;
  private final ByteBuffer file;

  private Relinker(byte[] bytes) {
    this.bytes = bytes;
    this.file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The library with the name replaced.
   *
   * @throws IllegalArgumentException if the names differ in length, or the library does not need
   *     {@code from}
   */
  static byte[] relink(byte[] library, String from, String to) {
    if (from.length() != to.length()) {
      throw new IllegalArgumentException(from + " and " + to + " differ in length");
    }
    Relinker relinker = new Relinker(library.clone());
    if (relinker.file.getInt(0) == ELF) {
      relinker.versions(from, to);
    }
    if (relinker.replace(terminated(from), terminated(to)) == 0) {
      throw new IllegalArgumentException("the library does not need " + from);
    }
    return relinker.bytes;
  }

  private static byte[] terminated(String name) {
    return (name + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private int replace(byte[] from, byte[] to) {
    int count = 0;
    for (int at = 0; at + from.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + from.length, from, 0, from.length)) {
        System.arraycopy(to, 0, bytes, at, to.length);
        count++;
      }
    }
    return count;
  }

  /** Walks the versions needed; every entry of that name gets the hash of the new one. */
  private void versions(String from, String to) {
    long needs = dynamic(DT_VERNEED);
    if (needs == 0) {
      return;
    }
    int strings = offset(dynamic(DT_STRTAB));
    int need = offset(needs);
    int next;
    do {
      int count = file.getShort(need + 2);
      int entry = need + file.getInt(need + 8);
      for (int i = 0; i < count; i++) {
        if (isAt(strings + file.getInt(entry + 8), from)) {
          file.putInt(entry, hash(to));
        }
        entry += file.getInt(entry + 12);
      }
      next = file.getInt(need + 12);
      need += next;
    } while (next != 0);
  }

  private boolean isAt(int at, String text) {
    byte[] wanted = terminated(text);
    return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  /** The value of an entry of the dynamic section; 0 if there is none. */
  private long dynamic(long tag) {
    int header = header(PT_DYNAMIC, 0);
    int at = (int) file.getLong(header + 8);
    int end = at + (int) file.getLong(header + 32);
    for (; at < end; at += 16) {
      if (file.getLong(at) == tag) {
        return file.getLong(at + 8);
      }
    }
    return 0;
  }

  /** Where in the file an address is. */
  private int offset(long address) {
    int header = header(PT_LOAD, address);
    return (int) (address - file.getLong(header + 16) + file.getLong(header + 8));
  }

  /** The program header of that type, which for a loaded segment holds the address. */
  private int header(int type, long address) {
    int header = (int) file.getLong(32);
    for (int i = file.getShort(56); i > 0; i--, header += PROGRAM_HEADER) {
      long start = file.getLong(header + 16);
      boolean holds = address >= start && address < start + file.getLong(header + 32);
      if (file.getInt(header) == type && (type == PT_DYNAMIC || holds)) {
        return header;
      }
    }
    throw new IllegalArgumentException("not a library that can be loaded");
  }

  /** The ELF hash of a name. */
  static int hash(String name) {
    int hash = 0;
    for (byte b : name.getBytes(StandardCharsets.US_ASCII)) {
      hash = (hash << 4) + b;
      int high = hash & 0xf0000000;
      hash = (hash ^ (high >>> 24)) & ~high;
    }
    return hash;
  }
}
