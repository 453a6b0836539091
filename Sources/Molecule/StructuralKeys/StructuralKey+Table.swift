extension StructuralKey {
  /// Number, least count, SMARTS and meaning of each key that a pattern can state, one a line.
  ///
  /// Keys 101, 125 and 166 are in ``StructuralKeyGenerator``; key 1, isotopes, is never set. A
  /// methylene that ends a chain has a neighbour more, which in small rings is an atom of the chain
  /// or shared by both ends: other patterns of the same key, of which one is enough.
  static let table = #"""
    2 1 [#104] element 104
    3 1 [#32,#33,#34,#50,#51,#52,#82,#83,#84] heavier element of groups 14 to 16
    4 1 [#89,#90,#91,#92,#93,#94,#95,#96,#97,#98,#99,#100,#101,#102,#103] actinide
    5 1 [#21,#22,#39,#40,#72] scandium or titanium group
    6 1 [#57,#58,#59,#60,#61,#62,#63,#64,#65,#66,#67,#68,#69,#70,#71] lanthanide
    7 1 [#23,#24,#25,#41,#42,#43,#73,#74,#75] vanadium, chromium or manganese group
    8 1 [!#6!#1]~1~*~*~*~1 four-membered heterocycle
    9 1 [#26,#27,#28,#44,#45,#46,#76,#77,#78] iron, cobalt or nickel group
    10 1 [#4,#12,#20,#38,#56,#88] alkaline earth metal
    11 1 *~1~*~*~*~1 four-membered ring
    12 1 [#29,#30,#47,#48,#79,#80] copper or zinc group
    13 1 [#7](~[#8])(~[#6])~[#6] nitrogen with an oxygen and two carbons
    14 1 [#16]-[#16] disulfide bond
    15 1 [#6](~[#8])(~[#8])~[#8] carbon with three oxygens
    16 1 [!#6!#1]~1~*~*~1 three-membered heterocycle
    17 1 [#6]#[#6] carbon-carbon triple bond
    18 1 [#5,#13,#31,#49,#81] boron group
    19 1 *~1~*~*~*~*~*~*~1 seven-membered ring
    20 1 [#14] silicon
    21 1 [#6](=[#6])(~[!#6!#1])~[!#6!#1] double-bonded carbon with two heteroatoms
    22 1 *~1~*~*~1 three-membered ring
    23 1 [#6](~[#7])(~[#8])~[#8] carbon with a nitrogen and two oxygens
    24 1 [#7]-[#8] nitrogen-oxygen single bond
    25 1 [#6](~[#7])(~[#7])~[#7] carbon with three nitrogens
    26 1 [#6](=@[#6])(@*)@* ring double bond at a ring fusion
    27 1 [#53] iodine
    28 1 [CH2](~[!#6!#1])~[!#6!#1] methylene between heteroatoms
    29 1 [#15] phosphorus
    30 1 [!#6!#1](~[#6])(~[#6])(~[#6])~* heteroatom with three carbons and a fourth neighbour
    31 1 [!#6!#1]~[F,Cl,Br,I] halogen on a heteroatom
    32 1 [#16](~[#6])~[#7] sulfur with a carbon and a nitrogen
    33 1 [#16]~[#7] nitrogen-sulfur bond
    34 1 [CH2]=* terminal methylidene
    35 1 [#3,#11,#19,#37,#55,#87] alkali metal
    36 1 [#16R] sulfur in a ring
    37 1 [#6](~[#7])(~[#7])~[#8] carbon with two nitrogens and an oxygen
    38 1 [#6](~[#7])(~[#7])~[#6] carbon with two nitrogens and a carbon
    39 1 [#16](~[#8])(~[#8])~[#8] sulfur with three oxygens
    40 1 [#16]-[#8] sulfur-oxygen single bond
    41 1 [#6]#[#7] carbon-nitrogen triple bond
    42 1 [#9] fluorine
    43 1 [!#6!#1!H0]~*~[!#6!#1!H0] two hydrogen-bearing heteroatoms on one atom
    44 1 [!#1!#6!#7!#8!#9!#14!#15!#16!#17!#35!#53] an element other than H, C, N, O, F, Si, P, S, Cl, Br, I
    45 1 [#6](=[#6])~[#7] nitrogen on a carbon-carbon double bond
    46 1 [#35] bromine
    47 1 [#16]~*~[#7] sulfur and nitrogen two bonds apart
    48 1 [!#6!#1](~[#8])(~[#8])~[#8] heteroatom with three oxygens
    49 1 [!+0] charged atom
    50 1 [#6](=[#6])(~[#6])~[#6] double-bonded carbon with two further carbons
    51 1 [#16](~[#6])~[#8] sulfur with a carbon and an oxygen
    52 1 [#7]~[#7] nitrogen-nitrogen bond
    53 1 [!#6!#1!H0]~*~*~*~[!#6!#1!H0] hydrogen-bearing heteroatoms four bonds apart
    54 1 [!#6!#1!H0]~*~*~[!#6!#1!H0] hydrogen-bearing heteroatoms three bonds apart
    55 1 [#16](~[#8])~[#8] sulfur with two oxygens
    56 1 [#7](~[#8])(~[#8])~[#6] nitrogen with two oxygens and a carbon
    57 1 [#8R] oxygen in a ring
    58 1 [#16](~[!#6!#1])~[!#6!#1] sulfur with two heteroatoms
    59 1 [#16]!:*:* sulfur on an aromatic ring
    60 1 [#16]=[#8] sulfur-oxygen double bond
    61 1 [#16](~*)(~*)~* sulfur with three neighbours
    62 1 *@*!@*@* bond between two rings
    63 1 [#7]=[#8] nitrogen-oxygen double bond
    64 1 *@*!@[#16] sulfur on a ring
    65 1 [#6]:[#7] aromatic carbon-nitrogen bond
    66 1 [#6](~[#6])(~[#6])(~[#6])~* carbon with three carbons and a fourth neighbour
    67 1 [!#6!#1]~[#16] sulfur on a heteroatom
    68 1 [!#6!#1!H0]~[!#6!#1!H0] bonded hydrogen-bearing heteroatoms
    69 1 [!#6!#1]~[!#6!#1!H0] hydrogen-bearing heteroatom on a heteroatom
    70 1 [#7](~[!#6!#1])~[!#6!#1] nitrogen between heteroatoms
    71 1 [#7]~[#8] nitrogen-oxygen bond
    72 1 [#8]~*~*~[#8] oxygens three bonds apart
    73 1 [#16]=* sulfur with a double bond
    74 1 [CH3]~*~[CH3] two methyls on one atom
    75 1 *!@[#7]@* ring nitrogen with a bond out of the ring
    76 1 [#6](=[#6])(~*)~* double-bonded carbon with two further neighbours
    77 1 [#7]~*~[#7] nitrogens two bonds apart
    78 1 [#6]=[#7] carbon-nitrogen double bond
    79 1 [#7]~*~*~[#7] nitrogens three bonds apart
    80 1 [#7]~*~*~*~[#7] nitrogens four bonds apart
    81 1 [#16]~*(~*)~* sulfur on a branched atom
    82 1 *~[CH2]~[!#6!#1!H0] methylene on a hydrogen-bearing heteroatom
    83 1 [!#6!#1]~1~*~*~*~*~1 five-membered heterocycle
    84 1 [NH2] amino group
    85 1 [#7](~[#6])(~[#6])~[#6] nitrogen with three carbons
    86 1 [CH2,CH3]-[!#6!#1]-[CH2,CH3] heteroatom between two methylenes or methyls
    87 1 [F,Cl,Br,I]!@*@* halogen on a ring
    88 1 [#16] sulfur
    89 1 [#8]~*~*~*~[#8] oxygens four bonds apart
    90 1 [!#6!#1!H0]~*~*~[CH2]~* hydrogen-bearing heteroatom three bonds from a methylene
    90 1 [!#6!#1!H0]~*~*~[CH2R] hydrogen-bearing heteroatom three bonds from a methylene
    91 1 [!#6!#1!H0]~*~*~*~[CH2]~* hydrogen-bearing heteroatom four bonds from a methylene
    91 1 [!#6!#1!H0]~*~*~*~[CH2R] hydrogen-bearing heteroatom four bonds from a methylene
    92 1 [#6](~[#8])(~[#7])~[#6] carbon with an oxygen, a nitrogen and a carbon
    93 1 [!#6!#1]~[CH3] methyl on a heteroatom
    94 1 [!#6!#1]~[#7] nitrogen on a heteroatom
    95 1 [#7]~*~*~[#8] nitrogen and oxygen three bonds apart
    96 1 *~1~*~*~*~*~1 five-membered ring
    97 1 [#7]~*~*~*~[#8] nitrogen and oxygen four bonds apart
    98 1 [!#6!#1]~1~*~*~*~*~*~1 six-membered heterocycle
    99 1 [#6]=[#6] carbon-carbon double bond
    100 1 *~[CH2]~[#7] methylene on a nitrogen
    102 1 [!#6!#1]~[#8] oxygen on a heteroatom
    103 1 [#17] chlorine
    104 1 [!#6!#1!H0]~*~[CH2]~* hydrogen-bearing heteroatom two bonds from a methylene
    105 1 *@*(@*)@* atom of a ring fusion
    106 1 *(~[!#6!#1])(~[!#6!#1])~[!#6!#1] atom with three heteroatoms
    107 1 *(~[F,Cl,Br,I])(~*)~* halogen on a branched atom
    108 1 [CH3]~*~*~*~[CH2]~* methyl four bonds from a methylene
    109 1 *~[CH2]~[#8] methylene on an oxygen
    110 1 [#7]~[#6]~[#8] nitrogen and oxygen on one carbon
    111 1 [#7]~*~[CH2]~* nitrogen two bonds from a methylene
    112 1 *(~*)(~*)(~*)~* atom with four neighbours
    113 1 [#8]!:*:* oxygen on an aromatic ring
    114 1 [CH3]~[CH2]~* ethyl group
    115 1 [CH3]~*~[CH2]~* methyl two bonds from a methylene
    116 1 [CH3]~*~*~[CH2]~* methyl three bonds from a methylene
    116 1 [CH3]~*~*~[CH2R] methyl three bonds from a methylene
    117 1 [#7]~*~[#8] nitrogen and oxygen two bonds apart
    118 2 [$(*~[CH2]~[CH2!D1])] more than one pair of bonded methylenes
    119 1 [#7]=* nitrogen with a double bond
    120 2 [!#6R] more than one heteroatom in rings
    121 1 [#7R] nitrogen in a ring
    122 1 [#7](~*)(~*)~* nitrogen with three neighbours
    123 1 [#6](~[#8])~[#8] carbon with two oxygens
    124 1 [!#6!#1]~[!#6!#1] bond between heteroatoms
    126 1 *!@[#8]!@* chain oxygen between two atoms
    127 2 *@*!@[#8] more than one oxygen on a ring
    128 1 *~[CH2]~*~*~*~[CH2]~* methylenes four bonds apart
    128 1 *~1~[CH2]~*~*~*~[CH2]~1 methylenes four bonds apart
    128 1 *~[CH2]~*~*~1~*~[CH2]~1 methylenes four bonds apart
    128 1 *~[CH2]~*~1~*~*~[CH2]~1 methylenes four bonds apart
    129 1 *~[CH2]~*~*~[CH2]~* methylenes three bonds apart
    129 1 *~1~[CH2]~*~*~[CH2]~1 methylenes three bonds apart
    129 1 *~[CH2]~*~1~*~[CH2]~1 methylenes three bonds apart
    130 2 [!#6!#1]~[!#6!#1] more than one bond between heteroatoms
    131 2 [!#6!#1!H0] more than one hydrogen-bearing heteroatom
    132 1 [#8]~*~[CH2]~* oxygen two bonds from a methylene
    133 1 *@*!@[#7] nitrogen on a ring
    134 1 [F,Cl,Br,I] halogen
    135 1 [#7]!:*:* nitrogen on an aromatic ring
    136 2 [#8]=* more than one double-bonded oxygen
    137 1 [!#6R] heteroatom in a ring
    138 2 *~[CH2]~[!#6!#1] more than one methylene on a heteroatom
    139 1 [O!H0] hydroxy group
    140 4 [#8] more than three oxygens
    141 3 [CH3] more than two methyls
    142 2 [#7] more than one nitrogen
    143 1 *@*!@[#8] oxygen on a ring
    144 1 *!:*:*!:* two neighbouring substituents on an aromatic ring
    145 2 *~1~*~*~*~*~*~1 more than one six-membered ring
    146 3 [#8] more than two oxygens
    147 1 [CH2!D1]~[CH2!D1] two bonded methylenes
    148 1 [!#6!#1](~*)(~*)~* heteroatom with three neighbours
    149 2 [CH3,CH4] more than one methyl
    150 1 *!@*@*!@* two neighbouring substituents on a ring
    151 1 [#7!H0] nitrogen with hydrogen
    152 1 [#6](~[#8])(~[#6])~[#6] carbon with an oxygen and two carbons
    153 1 *~[CH2]~[!#6!#1] methylene on a heteroatom
    154 1 [#6]=[#8] carbonyl
    155 1 *!@[CH2]!@* methylene in a chain
    156 1 [#7]~*(~*)~* nitrogen on a branched atom
    157 1 [#6]-[#8] carbon-oxygen single bond
    158 1 [#6]-[#7] carbon-nitrogen single bond
    159 2 [#8] more than one oxygen
    160 1 [CH3,CH4] methyl
    161 1 [#7] nitrogen
    162 1 a aromatic atom
    163 1 *~1~*~*~*~*~*~1 six-membered ring
    164 1 [#8] oxygen
    165 1 [R] ring
    """#
}
