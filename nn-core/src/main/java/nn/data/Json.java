package nn.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON (RFC 8259), as strict as the standard lets one be: no duplicate keys, no comments, nothing
 * after the value. Objects are {@code Map}s in order, arrays {@code List}s, numbers {@code Long}
 * where they are written as integers that fit one and {@code Double} else.
 */
public final class Json {

  private static final int MAX_DEPTH = 64;

  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Parses one value.
   *
   * @throws DataException naming the character where the text stops being JSON
   */
  public static @Nullable Object parse(String text) throws DataException {
    Json json = new Json(text);
    Object value = json.value(0);
    json.skipSpace();
    if (json.at < text.length()) {
      throw json.error("more text after the value");
    }
    return value;
  }

  private @Nullable Object value(int depth) throws DataException {
    if (depth > MAX_DEPTH) {
      throw error("nested more than " + MAX_DEPTH + " deep");
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> object(int depth) throws DataException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    skipSpace();
    if (take('}')) {
      return map;
    }
    do {
      skipSpace();
      String key = string();
      skipSpace();
      expect(':');
      Object value = value(depth + 1);
      if (map.containsKey(key)) {
        throw error("the key " + quote(key) + " stands twice in one object");
      }
      map.put(key, value);
      skipSpace();
    } while (take(','));
    expect('}');
    return map;
  }

  private List<@Nullable Object> array(int depth) throws DataException {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    skipSpace();
    if (take(']')) {
      return list;
    }
    do {
      list.add(value(depth + 1));
      skipSpace();
    } while (take(','));
    expect(']');
    return list;
  }

  private String string() throws DataException {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (!take('"')) {
      char c = peek();
      if (c < ' ') {
        throw error("a control character, or the end, inside a string");
      }
      at++;
      out.append(c == '\\' ? escape() : c);
    }
    return out.toString();
  }

  private char escape() throws DataException {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw error("an unknown escape");
    };
  }

  private char unicode() throws DataException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw error("four hexadecimal digits expected");
      }
      code = 16 * code + digit;
      at++;
    }
    return (char) code;
  }

  private @Nullable Object word(String word, @Nullable Object value) throws DataException {
    if (!text.startsWith(word, at)) {
      throw error("a value expected");
    }
    at += word.length();
    return value;
  }

  private Number number() throws DataException {
    int start = at;
    take('-');
    if (!take('0')) {
      digits();
    }
    boolean integer = true;
    if (take('.')) {
      digits();
      integer = false;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      digits();
      integer = false;
    }
    String number = text.substring(start, at);
    try {
      return integer ? (Number) Long.valueOf(number) : (Number) Double.valueOf(number);
    } catch (NumberFormatException e) {
      return Double.valueOf(number);
    }
  }

  private void digits() throws DataException {
    int start = at;
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
    if (at == start) {
      throw error("a value expected");
    }
  }

  private void skipSpace() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      at++;
    }
  }

  /** The next character; at the end a NUL, which is nowhere allowed. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean take(char c) {
    boolean here = at < text.length() && text.charAt(at) == c;
    at += here ? 1 : 0;
    return here;
  }

  private void expect(char c) throws DataException {
    if (!take(c)) {
      throw error("'" + c + "' expected");
    }
  }

  private DataException error(String what) {
    return new DataException("not JSON at character " + at + ": " + what);
  }

  /** A string as JSON writes it, quotes included. */
  public static String quote(String string) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
