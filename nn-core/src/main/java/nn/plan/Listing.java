package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nn.backend.Buffer;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.expr.Expr;
import nn.expr.Program;

/**
 * Commands as text. Temporaries are called t0, t1, ..., other buffers b0, b1, ..., by the order in
 * which they appear; a layout is given where it is not the whole buffer row by row.
 */
final class Listing {
  private final Map<Buffer, String> names = new HashMap<>();
  private int temporaries;
  private int others;

  String of(List<Command> commands, long arenaBytes) {
    StringBuilder text = new StringBuilder();
    text.append("%d commands, %,d bytes of temporaries%n".formatted(commands.size(), arenaBytes));
    for (int i = 0; i < commands.size(); i++) {
      text.append("%3d  %s%n".formatted(i, line(commands.get(i))));
    }
    return text.toString();
  }

  String line(Command command) {
    return switch (command) {
      case Gemm g -> gemm(g);
      case Elementwise e ->
          "elementwise " + e.shape() + "  " + assignments(e.program(), e.inputs(), e.outputs());
      case Reduce r -> reduce(r);
      case Rows r -> rows(r);
    };
  }

  private String gemm(Gemm g) {
    List<String> operands = new ArrayList<>();
    operands.add("(" + operand(g.a()) + " · " + operand(g.b()) + ")");
    g.extras().forEach(extra -> operands.add(operand(extra)));
    String shape = "[" + g.m() + ", " + g.k() + "]·[" + g.k() + ", " + g.n() + "]";
    return "gemm " + shape + "  " + assignmentsOf(g.epilogue(), operands, g.outputs());
  }

  private String reduce(Reduce r) {
    List<String> inputs = r.inputs().stream().map(this::operand).toList();
    String work =
        IntStream.range(0, r.outputs().size())
            .mapToObj(i ->
                operand(r.outputs().get(i))
                    + " = "
                    + r.combiners().get(i).name().toLowerCase(Locale.ROOT)
                    + " "
                    + ExprText.of(r.program().expressions().get(i), inputs))
            .collect(Collectors.joining(", "));
    return "reduce " + r.shape() + " over " + r.axes() + "  " + work;
  }

  private String rows(Rows r) {
    String stages =
        r.stages().stream().map(s -> "\n       " + line(s)).collect(Collectors.joining());
    String internal = r.internal().stream().map(this::operand).collect(Collectors.joining(", "));
    return "rows " + r.shape() + (internal.isEmpty() ? "" : "  internal " + internal) + stages;
  }

  private String assignments(Program program, List<Operand> inputs, List<Operand> outputs) {
    return assignmentsOf(program, inputs.stream().map(this::operand).toList(), outputs);
  }

  private String assignmentsOf(Program program, List<String> inputs, List<Operand> outputs) {
    List<Expr> values = program.expressions();
    return IntStream.range(0, outputs.size())
        .mapToObj(i -> operand(outputs.get(i)) + " = " + ExprText.of(values.get(i), inputs))
        .collect(Collectors.joining(", "));
  }

  private String operand(Operand operand) {
    Layout layout = operand.layout();
    String text = name(operand.buffer());
    if (operand.rows() != null) {
      text += "[" + operand(operand.rows()) + "]";
    }
    boolean whole =
        layout.offset() == 0
            && layout.isContiguous()
            && layout.shape().size() == operand.buffer().length();
    if (!whole) {
      text += layout.shape() + (layout.offset() == 0 ? "" : "@" + layout.offset());
      text += layout.isContiguous() ? "" : strides(layout);
    }
    return operand.cursor() == null
        ? text
        : text + "+" + operand.cursor().stride() + "*" + name(operand.cursor().counter());
  }

  private static String strides(Layout layout) {
    return IntStream.of(layout.strides())
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "/", ""));
  }

  private String name(Buffer buffer) {
    return names.computeIfAbsent(
        buffer, b -> b instanceof VirtualBuffer ? "t" + temporaries++ : "b" + others++);
  }
}
