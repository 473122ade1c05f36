//! SQL/JSON and SQL/XML: what goes without saying is said, as the server does (`transformJsonConstructorOutput`, `transformJsonFuncExpr`
//! and their kin in src/backend/parser/parse_expr.c).

use pg_query::protobuf::{
    JsonAggConstructor, JsonArrayQueryConstructor, JsonBehavior, JsonBehaviorType, JsonEncoding, JsonExprOp, JsonFormatType, JsonFuncExpr,
    JsonOutput, JsonQuotes, JsonReturning, JsonTable, JsonTableColumn, JsonTableColumnType, JsonTablePathSpec, JsonValueExpr, JsonWrapper,
    TypeName, XmlExpr, XmlExprOp,
};
use pg_query::{Node, NodeEnum, protobuf};

use super::literal::{text_constant, text_of, type_name};
use super::path;
use super::row::{spelled, strip_same};
use super::tree::Canon;
use crate::analyze::types::Type;
use crate::sql::literal::string_node;
use crate::sql::walk::{NodeMut, VisitorMut, Walk};

/// `JSON_ARRAY(SELECT ..)` is a query of an aggregate (`transformJsonArrayQueryConstructor`).
pub fn expand_queries(tree: &mut Node) {
    struct Expand;
    impl VisitorMut for Expand {
        fn replace(&mut self, node: &mut NodeEnum) {
            if let NodeEnum::JsonArrayQueryConstructor(array) = node
                && let Some(expanded) = aggregate(array)
            {
                *node = expanded;
            }
        }
        fn enter(&mut self, _: NodeMut<'_>) -> bool {
            true
        }
    }
    tree.walk_mut(&mut Expand);
}

fn aggregate(array: &JsonArrayQueryConstructor) -> Option<NodeEnum> {
    let boxed = |node: NodeEnum| Some(Box::new(Node { node: Some(node) }));
    let fields = vec![string_node("q"), string_node("a")];
    let column = boxed(NodeEnum::ColumnRef(protobuf::ColumnRef { fields, location: 0 }));
    let format = array.format.or_else(|| Some(unsaid_format()));
    let constructor = JsonAggConstructor { output: array.output.clone(), ..Default::default() };
    let value = JsonValueExpr { raw_expr: column, formatted_expr: None, format };
    let aggregate = protobuf::JsonArrayAgg {
        constructor: Some(Box::new(constructor)),
        arg: Some(Box::new(value)),
        absent_on_null: array.absent_on_null,
    };
    let target = protobuf::ResTarget { val: boxed(NodeEnum::JsonArrayAgg(Box::new(aggregate))), ..Default::default() };
    let alias = Some(protobuf::Alias { aliasname: "q".to_owned(), colnames: vec![string_node("a")] });
    let item = protobuf::RangeSubselect { lateral: false, subquery: array.query.clone(), alias };
    let select = protobuf::SelectStmt {
        target_list: vec![*boxed(NodeEnum::ResTarget(Box::new(target)))?],
        from_clause: vec![*boxed(NodeEnum::RangeSubselect(Box::new(item)))?],
        limit_option: protobuf::LimitOption::Default.into(),
        op: protobuf::SetOperation::SetopNone.into(),
        ..Default::default()
    };
    let link = protobuf::SubLink {
        sub_link_type: protobuf::SubLinkType::ExprSublink.into(),
        subselect: boxed(NodeEnum::SelectStmt(Box::new(select))),
        ..Default::default()
    };
    Some(NodeEnum::SubLink(Box::new(link)))
}

/// The type that an output says.
pub fn output_type(output: Option<&JsonOutput>) -> Option<Type> {
    output.and_then(|output| output.type_name.as_ref()).and_then(Type::parsed)
}

fn unsaid_format() -> protobuf::JsonFormat {
    protobuf::JsonFormat { format_type: JsonFormatType::JsFormatDefault.into(), encoding: JsonEncoding::JsEncDefault.into(), location: 0 }
}

fn is_json(of: Option<&Type>) -> bool {
    of.is_some_and(|of| !of.array && matches!(of.name.as_str(), "json" | "jsonb"))
}

fn returning(name: &str) -> JsonOutput {
    let format = Some(unsaid_format());
    JsonOutput { type_name: Some(type_name(&Type::internal(name))), returning: Some(JsonReturning { format, typid: 0, typmod: 0 }) }
}

impl Canon<'_> {
    /// Brings a node of SQL/JSON or SQL/XML into canonical form.
    pub fn rewrite_json(&self, node: &mut NodeEnum) {
        match node {
            NodeEnum::JsonKeyValue(pair) => {
                if let Some(key) = pair.key.as_deref_mut() {
                    self.lean_output(key);
                }
                self.value_expr(pair.value.as_deref_mut());
            }
            NodeEnum::JsonValueExpr(value) => self.value_expr(Some(value)),
            NodeEnum::JsonArgument(argument) => self.value_expr(argument.val.as_deref_mut()),
            NodeEnum::JsonObjectConstructor(object) => self.output(&mut object.output, &object.exprs),
            NodeEnum::JsonArrayConstructor(array) => self.output(&mut array.output, &array.exprs),
            NodeEnum::JsonObjectAgg(aggregate) => {
                let value = aggregate.arg.as_deref_mut().and_then(|pair| pair.value.as_deref_mut());
                self.aggregate_of(value, aggregate.constructor.as_deref_mut());
            }
            NodeEnum::JsonArrayAgg(aggregate) => self.aggregate_of(aggregate.arg.as_deref_mut(), aggregate.constructor.as_deref_mut()),
            NodeEnum::JsonParseExpr(parse) => self.value_expr(parse.expr.as_deref_mut()),
            NodeEnum::JsonScalarExpr(scalar) => scalar.expr.as_deref_mut().into_iter().for_each(|expr| self.lean_output(expr)),
            NodeEnum::JsonSerializeExpr(serialize) => {
                self.value_expr(serialize.expr.as_deref_mut());
                serialize.output.get_or_insert_with(|| returning("text"));
            }
            NodeEnum::JsonIsPredicate(test) => test.expr.as_deref_mut().into_iter().for_each(|tested| self.text(tested)),
            NodeEnum::JsonFuncExpr(function) => self.json_function(function),
            NodeEnum::JsonTableColumn(column) => self.json_column(column),
            NodeEnum::XmlExpr(xml) => self.xml(xml),
            NodeEnum::RangeTableFuncCol(column) => {
                if let Some(path) = column.colexpr.as_deref_mut() {
                    self.lean_output(path);
                }
                if let Some((value, of)) = column.coldefexpr.as_deref_mut().zip(column.type_name.as_ref().and_then(spelled)) {
                    self.made_to(value, &of);
                }
            }
            _ => {}
        }
    }

    fn aggregate_of(&self, mut value: Option<&mut JsonValueExpr>, constructor: Option<&mut JsonAggConstructor>) {
        self.value_expr(value.as_deref_mut());
        let raw = value.and_then(|value| value.raw_expr.as_deref());
        if let Some(constructor) = constructor {
            self.output(&mut constructor.output, raw.map_or(&[], std::slice::from_ref));
        }
    }

    fn xml(&self, xml: &mut XmlExpr) {
        let op = xml.op();
        for (at, arg) in xml.args.iter_mut().enumerate() {
            match op {
                XmlExprOp::IsXmlconcat | XmlExprOp::IsDocument => self.assign_type(arg, &Type::internal("xml")),
                XmlExprOp::IsXmlroot if at == 0 => self.assign_type(arg, &Type::internal("xml")),
                XmlExprOp::IsXmlparse | XmlExprOp::IsXmlpi | XmlExprOp::IsXmlroot => self.text(arg),
                _ => self.lean_output(arg),
            }
        }
        for target in &mut xml.named_args {
            let Some(NodeEnum::ResTarget(target)) = target.node.as_mut() else { continue };
            let Some(value) = target.val.as_deref_mut() else { continue };
            if target.name.is_empty() {
                target.name = crate::analyze::label(value);
            }
            self.lean_output(value);
        }
    }

    /// A value that must be text, unless it is JSON or bytes.
    fn text(&self, value: &mut Node) {
        self.lean(&mut [value], |types| {
            let of = self.types.base(types.first()?);
            let text = of.is_unknown() || self.types.category(&of).0 == 'S';
            let of = if text { Type::internal("text") } else { of };
            Some((of.clone(), vec![of]))
        });
    }

    /// A value that is made to a type with its length.
    fn made_to(&self, value: &mut Node, of: &str) {
        if let Some(NodeEnum::TypeCast(cast)) = &value.node
            && cast.type_name.as_ref().and_then(spelled).as_deref() == Some(of)
            && let Some(inner) = cast.arg.as_deref().filter(|inner| text_of(inner).is_some())
        {
            *value = inner.clone();
        }
        strip_same(value, of);
        self.assign(value, of);
    }

    /// FORMAT JSON says nothing of what is JSON.
    fn value_expr(&self, value: Option<&mut JsonValueExpr>) {
        let Some(value) = value else { return };
        let Some(raw) = value.raw_expr.as_deref_mut() else { return };
        self.lean_output(raw);
        let json = is_json(self.type_of(raw).as_ref());
        if let Some(format) = value.format.as_mut().filter(|_| json) {
            format.set_format_type(JsonFormatType::JsFormatDefault);
        }
    }

    /// JSON, or JSONB where something of it goes in.
    fn output(&self, output: &mut Option<JsonOutput>, parts: &[Node]) {
        if output.is_some() {
            return;
        }
        let raw = |node: &Node| match node.node.as_ref() {
            Some(NodeEnum::JsonValueExpr(value)) => self.type_of(value.raw_expr.as_deref()?),
            Some(NodeEnum::JsonKeyValue(pair)) => self.type_of(pair.value.as_deref()?.raw_expr.as_deref()?),
            _ => self.type_of(node),
        };
        let Some(types) = parts.iter().map(raw).collect::<Option<Vec<Type>>>() else { return };
        let binary = types.iter().any(|of| !of.array && of.name == "jsonb");
        *output = Some(returning(if binary { "jsonb" } else { "json" }));
    }

    fn json_function(&self, function: &mut JsonFuncExpr) {
        self.value_expr(function.context_item.as_deref_mut());
        if let Some(path) = function.pathspec.as_deref_mut() {
            json_path(path);
        }
        let (unsaid, default) = match function.op() {
            JsonExprOp::JsonExistsOp => (JsonBehaviorType::JsonBehaviorFalse, None),
            JsonExprOp::JsonQueryOp => (JsonBehaviorType::JsonBehaviorNull, Some("jsonb")),
            _ => (JsonBehaviorType::JsonBehaviorNull, Some("text")),
        };
        if let (Some(name), None) = (default, &function.output) {
            function.output = Some(returning(name));
        }
        if function.op() == JsonExprOp::JsonQueryOp {
            say_wrapper(&mut function.wrapper, &mut function.quotes);
        }
        let of = function.output.as_ref().and_then(|output| output.type_name.as_ref()).and_then(spelled);
        for behavior in [&mut function.on_empty, &mut function.on_error] {
            self.behavior(behavior, unsaid, of.as_deref());
        }
    }

    fn behavior(&self, behavior: &mut Option<Box<JsonBehavior>>, unsaid: JsonBehaviorType, of: Option<&str>) {
        if behavior.as_ref().is_some_and(|behavior| behavior.btype() == unsaid) {
            *behavior = None;
        }
        if let Some((value, of)) = behavior.as_deref_mut().and_then(|behavior| behavior.expr.as_deref_mut()).zip(of) {
            self.made_to(value, of);
        }
    }

    fn json_column(&self, column: &mut JsonTableColumn) {
        use JsonTableColumnType as Is;
        if let Some(path) = column.pathspec.as_deref_mut() {
            path_spec(path);
        }
        let kind = column.coltype();
        if matches!(kind, Is::JtcForOrdinality | Is::JtcNested) {
            return;
        }
        let of = column.type_name.as_ref().and_then(Type::parsed);
        let plain = column.type_name.as_ref().and_then(spelled);
        let json = is_json(of.as_ref());
        if let Some(format) = column.format.as_mut().filter(|_| json) {
            format.set_format_type(JsonFormatType::JsFormatDefault);
        }
        if json && kind == Is::JtcFormatted {
            column.set_coltype(Is::JtcRegular);
        }
        if column.pathspec.is_none() {
            let text = path::spelled(&format!("$.\"{}\"", column.name));
            let string = Some(Box::new(text_constant(&text)));
            column.pathspec = Some(Box::new(JsonTablePathSpec { string, ..Default::default() }));
        }
        if json || kind == Is::JtcFormatted {
            say_wrapper(&mut column.wrapper, &mut column.quotes);
        }
        let unsaid = if kind == Is::JtcExists { JsonBehaviorType::JsonBehaviorFalse } else { JsonBehaviorType::JsonBehaviorNull };
        for behavior in [&mut column.on_empty, &mut column.on_error] {
            self.behavior(behavior, unsaid, plain.as_deref());
        }
    }

    /// JSON_TABLE as it stands in FROM.
    pub fn table(&self, table: &mut JsonTable) {
        self.value_expr(table.context_item.as_deref_mut());
        if let Some(path) = table.pathspec.as_deref_mut() {
            path_spec(path);
        }
        // What goes without saying (`get_json_table` of src/backend/utils/adt/ruleutils.c).
        table
            .on_error
            .take_if(|behavior| matches!(behavior.btype(), JsonBehaviorType::JsonBehaviorEmpty | JsonBehaviorType::JsonBehaviorEmptyArray));
    }
}

fn say_wrapper(wrapper: &mut i32, quotes: &mut i32) {
    if *wrapper == JsonWrapper::JswUnspec as i32 {
        *wrapper = JsonWrapper::JswNone.into();
    }
    if *quotes == JsonQuotes::JsQuotesUnspec as i32 {
        *quotes = JsonQuotes::JsQuotesKeep.into();
    }
}

/// A path; the names of paths that nobody has named are the server's.
fn path_spec(spec: &mut JsonTablePathSpec) {
    if let Some(path) = spec.string.as_deref_mut() {
        json_path(path);
    }
    if spec.name.starts_with("json_table_path_") {
        spec.name.clear();
    }
}

fn json_path(node: &mut Node) {
    let is_path = |name: &TypeName| Type::parsed(name).is_some_and(|of| of == Type::internal("jsonpath"));
    if let Some(NodeEnum::TypeCast(cast)) = &node.node
        && cast.type_name.as_ref().is_some_and(is_path)
        && let Some(inner) = cast.arg.as_deref().filter(|inner| text_of(inner).is_some())
    {
        *node = inner.clone();
    }
    if let Some(text) = text_of(node) {
        *node = text_constant(&path::spelled(text));
    }
}
