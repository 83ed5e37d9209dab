package nn.cpu.sparse;

import static java.lang.constant.ConstantDescs.CD_Integer;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import nn.cpu.codegen.FloatCode;
import nn.cpu.codegen.Species;

/** A gather of many vectors, channel by channel, of those windows whose value is not 0. */
record NonZeroGather(List<Integer> distances, int step, int columns) implements GatherShape {

  @Override
  public String name() {
    return "Gather" + distances.size();
  }

  @Override
  public int channels() {
    return 1;
  }

  /**
   * The lowest bit that is left gives the window:
   *
   * <pre>
   *   for (left = nonZeros[channel]; left != 0; left &= left - 1):
   *     x = broadcast the value
   *     for v: sum[v] = fma(x, stage[place + distance[v]], sum[v])
   * </pre>
   */
  @Override
  public void addWindows(CodeBuilder code, FloatCode floats, int sums) {
    int left = floats.slots(1);
    int window = floats.slots(1);
    int at = floats.slots(1);
    int x = floats.slots(1);
    int place = floats.slots(1);
    Label next = code.newLabel();
    Label end = code.newLabel();
    code.aload(NON_ZEROS).iload(CHANNEL).iaload().istore(left);
    code.labelBinding(next).iload(left).ifeq(end);
    code.iload(left)
        .invokestatic(CD_Integer, "numberOfTrailingZeros", MethodTypeDesc.of(CD_int, CD_int));
    code.istore(window);
    code.iload(window).loadConstant(step).imul().iload(CHANNEL).iadd().istore(at);
    floats.broadcast(() -> code.aload(VALUES).iload(VALUES_AT).iload(at).iadd().faload());
    code.astore(x);
    code.aload(PLACES).iload(PLACES_AT).iload(at).iadd().iaload().istore(place);
    addPatch(code, floats, x, place, sums);
    code.iload(left).iload(left).iconst_1().isub().iand().istore(left);
    code.goto_(next).labelBinding(end);
  }

  /** With what finds the values, which is compiled with it. */
  @Override
  public Runnable trial(GatherKernel kernel) {
    Runnable gather = GatherShape.super.trial(kernel);
    NonZeros nonZeros = new NonZeros();
    nonZeros.reserve(2 * Species.LANES);
    float[] values = new float[WARM_WINDOWS * step + 2 * Species.LANES];
    return () -> {
      nonZeros.find(values, 0, WARM_WINDOWS, step, 0, 2 * Species.LANES);
      gather.run();
    };
  }
}
