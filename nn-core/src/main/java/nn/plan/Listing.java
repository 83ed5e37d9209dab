package nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nn.backend.Buffer;
import nn.backend.Chain;
import nn.backend.Command;
import nn.backend.Elementwise;
import nn.backend.Gemm;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Reduce;
import nn.backend.Rows;
import nn.backend.Slices;
import nn.backend.SparseGemm;

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
    String bytes = String.format(Locale.ROOT, "%,d", arenaBytes);
    text.append(commands.size())
        .append(" commands, ")
        .append(bytes)
        .append(" bytes of temporaries\n");
    for (int i = 0; i < commands.size(); i++) {
      text.append(String.format(Locale.ROOT, "%3d  %s\n", i, line(commands.get(i))));
    }
    return text.toString();
  }

  String line(Command command) {
    return switch (command) {
      case Gemm g -> gemm(g);
      case Elementwise e -> elementwise(e);
      case Reduce r -> reduce(r);
      case SparseGemm s -> sparse(s);
      case Rows r -> chain("rows " + r.shape(), r);
      case Slices s -> chain(s.count() + " slices", s);
    };
  }

  private String gemm(Gemm g) {
    List<String> inputs = new ArrayList<>();
    inputs.add("(" + operand(g.a()) + " · " + operand(g.b()) + ")");
    inputs.addAll(operands(g.extras()));
    String shape = "[" + g.m() + ", " + g.k() + "]·[" + g.k() + ", " + g.n() + "]";
    return "gemm " + shape + "  " + ExprText.of(g.epilogue(), inputs, targets(g.outputs()));
  }

  private String sparse(SparseGemm s) {
    boolean gathers = s.direction() == SparseGemm.Direction.GATHER;
    String sparse = operand(s.values()) + " chosen by " + operand(s.choices());
    return gathers
        ? "gather  %s = (%s · %s)".formatted(operand(s.matrix()), operand(s.view()), sparse)
        : "scatter  %s = (%s · %s)".formatted(operand(s.view()), sparse, operand(s.matrix()));
  }

  private String elementwise(Elementwise e) {
    List<String> inputs = operands(e.inputs());
    String work = ExprText.of(e.program(), inputs, targets(e.outputs()));
    return "elementwise " + e.shape() + "  " + work;
  }

  private String reduce(Reduce r) {
    List<String> inputs = operands(r.inputs());
    List<String> targets = new ArrayList<>(targets(r.outputs()));
    for (int i = 0; i < targets.size(); i++) {
      String combiner = r.combiners().get(i).name().toLowerCase(Locale.ROOT);
      targets.set(i, targets.get(i) + " " + combiner);
    }
    String work = ExprText.of(r.program(), inputs, targets);
    return "reduce " + r.shape() + " over " + r.axes() + "  " + work;
  }

  private String chain(String kind, Chain c) {
    String stages =
        c.stages().stream().map(s -> "\n       " + line(s)).collect(Collectors.joining());
    String internal = c.internal().stream().map(this::operand).collect(Collectors.joining(", "));
    return kind + (internal.isEmpty() ? "" : "  internal " + internal) + stages;
  }

  private List<String> operands(List<Operand> operands) {
    return operands.stream().map(this::operand).toList();
  }

  private List<String> targets(List<Operand> outputs) {
    return outputs.stream().map(output -> operand(output) + " =").toList();
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
