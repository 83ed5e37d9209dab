package nn.cuda.codegen;

/** Text with indented blocks. */
final class Code {
  private final StringBuilder text = new StringBuilder();
  private int depth;

  Code line(String format, Object... arguments) {
    text.append("  ".repeat(depth)).append(format.formatted(arguments)).append('\n');
    return this;
  }

  /** A line that begins a block. */
  Code open(String format, Object... arguments) {
    line(format + " {", arguments);
    depth++;
    return this;
  }

  Code close() {
    depth--;
    return line("}");
  }

  /** Ends a block and begins the one for all other cases. */
  Code otherwise() {
    depth--;
    line("} else {");
    depth++;
    return this;
  }

  /** Lines of their own. */
  Code append(String lines) {
    text.append(lines);
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
