class OrdersController < ApplicationController
  before_action :authenticate_user!
  before_action :set_order, only: %i[show update destroy]

  def index
    @orders = current_user.orders.includes(:lines).order(created_at: :desc).page(params[:page])
  end

  def show
    fresh_when @order
  end

  def create
    @order = current_user.orders.build(order_params)
    if @order.save
      OrderMailer.with(order: @order).confirmation.deliver_later
      redirect_to @order, notice: "Thank you for your order."
    else
      render :new, status: :unprocessable_entity
    end
  end

  def update
    if @order.shipped?
      redirect_to @order, alert: "The order has left the house."
    elsif @order.update(order_params)
      redirect_to @order
    else
      render :edit, status: :unprocessable_entity
    end
  end

  def destroy
    @order.cancel!
    redirect_to orders_path, notice: "Cancelled."
  end

  private

  def set_order
    @order = current_user.orders.find(params[:id])
  end

  def order_params
    params.require(:order).permit(:note, lines_attributes: %i[id sku quantity _destroy])
  end
end
