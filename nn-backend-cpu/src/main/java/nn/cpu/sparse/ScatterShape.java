package nn.cpu.sparse;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import nn.cpu.codegen.FloatCode;
import nn.cpu.codegen.Species;

/**
 * What is constant in a {@link ScatterKernel}.
 *
 * @param distances of the vectors, from the beginning of a patch on; at most {@link #MOST_VECTORS}
 * @param channels of the values
 * @param columns elements of a channel's columns
 * @param candidates of a window
 */
record ScatterShape(List<Integer> distances, int channels, int columns, int candidates)
    implements KernelShape<ScatterKernel> {
  /** With the value and what is read, what fits in 16 or 32 registers. */
  static final int MOST_VECTORS = Species.LANES >= 16 ? 16 : 12;

  private static final int WARM_WINDOWS = 4;
  private static final int STAGE = 1;
  private static final int PLACES = 2;
  private static final int CHANNELS = 3;
  private static final int ENDS = 4;
  private static final int VALUES = 5;
  private static final int VALUES_AT = 6;
  private static final int COLUMNS = 7;
  private static final int COLUMNS_AT = 8;
  private static final int FIRST_FREE = 9;

  @Override
  public String name() {
    return "Scatter" + distances.size();
  }

  @Override
  public Class<ScatterKernel> type() {
    return ScatterKernel.class;
  }

  @Override
  public MethodTypeDesc parameters() {
    return MethodTypeDesc.of(
        CD_void,
        CD_float.arrayType(),
        CD_int.arrayType(),
        CD_int.arrayType(),
        CD_int.arrayType(),
        CD_float.arrayType(),
        CD_int,
        CD_float.arrayType(),
        CD_int);
  }

  /**
   * Sums are in local variables, which C2 keeps in vector registers, and images are added to once
   * for each patch:
   *
   * <pre>
   *   for each patch that was chosen:
   *     for v: sum[v] = 0
   *     for each of its channels c: x = broadcast its value
   *                                 for v: sum[v] = fma(x, columns[c, v], sum[v])
   *     for v: stage[place + distance[v]] += sum[v]
   * </pre>
   */
  @Override
  public void emit(CodeBuilder code) {
    FloatCode floats = new FloatCode(code, FIRST_FREE);
    int sums = floats.slots(distances.size());
    int patches = floats.slots(1);
    int i = floats.slots(1);
    int end = floats.slots(1);
    int place = floats.slots(1);
    code.aload(PLACES).arraylength().istore(patches);
    floats.loop(
        patches,
        patch -> {
          Label next = code.newLabel();
          code.iload(patch).loadConstant(channels).imul().istore(i);
          code.aload(ENDS).iload(patch).iaload().istore(end);
          code.iload(i).iload(end).if_icmpge(next);
          sum(code, floats, patch, i, end, sums);
          code.aload(PLACES).iload(patch).iaload().istore(place);
          floats.within(STAGE, place, Collections.max(distances) + Species.LANES);
          for (int v = 0; v < distances.size(); v++) {
            floats.load(STAGE, place, distances.get(v));
            code.aload(sums + v);
            floats.add();
            floats.store(STAGE, place, distances.get(v));
          }
          code.labelBinding(next);
        });
    code.return_();
  }

  /** Sums over a patch's channels, of which there is at least one. */
  private void sum(CodeBuilder code, FloatCode floats, int patch, int i, int end, int sums) {
    int valuesAt = floats.slots(1);
    int channel = floats.slots(1);
    int column = floats.slots(1);
    int x = floats.slots(1);
    code.iload(patch).loadConstant(candidates).idiv().loadConstant(channels).imul();
    code.iload(VALUES_AT).iadd().istore(valuesAt);
    floats.zero(sums, distances.size());
    Label next = code.newLabel();
    code.labelBinding(next).aload(CHANNELS).iload(i).iaload().istore(channel);
    floats.broadcast(() -> code.aload(VALUES).iload(valuesAt).iload(channel).iadd().faload());
    code.astore(x);
    code.iload(channel).loadConstant(columns).imul().iload(COLUMNS_AT).iadd().istore(column);
    floats.within(COLUMNS, column, distances.size() * Species.LANES);
    for (int v = 0; v < distances.size(); v++) {
      code.aload(x);
      floats.load(COLUMNS, column, v * Species.LANES);
      code.aload(sums + v);
      floats.fma();
      code.astore(sums + v);
    }
    code.iinc(i, 1).iload(i).iload(end).if_icmplt(next);
  }

  @Override
  public Runnable trial(ScatterKernel kernel) {
    float[] stage = new float[Collections.max(distances) + Species.LANES];
    int[] places = new int[WARM_WINDOWS * candidates];
    int[] chosen = new int[places.length * channels];
    int[] ends = new int[places.length];
    Arrays.setAll(ends, patch -> patch * channels + patch % Math.min(3, channels + 1));
    float[] values = new float[WARM_WINDOWS * channels];
    float[] sums = new float[distances.size() * Species.LANES];
    return () -> kernel.run(stage, places, chosen, ends, values, 0, sums, 0);
  }
}
